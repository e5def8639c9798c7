package io.ecssteward.interactivity;

import io.ecssteward.alerting.RawParameterText;
import io.ecssteward.alerting.RawParameterUriFactory;

/** Lets the parameters of a {@code slack-answer:} step hold any text. */
public class SlackAnswerUriFactory extends RawParameterUriFactory {

    public SlackAnswerUriFactory() {
        super("slack-answer", RawParameterText.names(SlackAnswerEndpoint.class));
    }
}
