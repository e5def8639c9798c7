package io.ecssteward.interactivity;

import io.ecssteward.alerting.RawParameterText;
import io.ecssteward.alerting.RawParameterUriFactory;

/** Lets the parameters of a {@code slack-action:} endpoint hold any text. */
public class SlackActionUriFactory extends RawParameterUriFactory {

    public SlackActionUriFactory() {
        super("slack-action", RawParameterText.names(SlackActionEndpoint.class));
    }
}
