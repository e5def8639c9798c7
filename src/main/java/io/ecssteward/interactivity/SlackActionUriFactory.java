package io.ecssteward.interactivity;

import io.ecssteward.alerting.RawParameterUriFactory;
import java.util.Set;

/** Lets the parameters of a {@code slack-action:} endpoint hold any text. */
public class SlackActionUriFactory extends RawParameterUriFactory {

    static final Set<String> PARAMETERS =
            Set.of("label", "style", "options", "who", "usage", "help", "button", "command", "fallback");

    public SlackActionUriFactory() {
        super("slack-action", PARAMETERS);
    }
}
