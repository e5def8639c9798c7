package io.ecssteward.interactivity;

import io.ecssteward.alerting.WrittenUriFactory;
import java.util.Set;

/** Lets the parameters of a {@code slack-answer:} step hold any text. */
public class SlackAnswerUriFactory extends WrittenUriFactory {

    static final Set<String> PARAMETERS = Set.of("text", "expect", "button", "choice", "lazyStartProducer");

    public SlackAnswerUriFactory() {
        super("slack-answer", PARAMETERS);
    }
}
