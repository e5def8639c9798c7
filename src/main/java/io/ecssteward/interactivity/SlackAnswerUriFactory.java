package io.ecssteward.interactivity;

import io.ecssteward.alerting.RawParameterUriFactory;
import java.util.Set;

/** Lets the parameters of a {@code slack-answer:} step hold any text. */
public class SlackAnswerUriFactory extends RawParameterUriFactory {

    static final Set<String> PARAMETERS = Set.of("text", "expect", "button", "choice", "lazyStartProducer");

    public SlackAnswerUriFactory() {
        super("slack-answer", PARAMETERS);
    }
}
