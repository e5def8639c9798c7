package io.ecssteward.interactivity;

import io.ecssteward.alerting.WrittenUriFactory;
import java.util.Set;

/** Lets the parameters of a {@code slack-action:} endpoint hold any text. */
public class SlackActionUriFactory extends WrittenUriFactory {

    static final Set<String> PARAMETERS =
            Set.of("label", "style", "options", "who", "usage", "help", "button", "command", "fallback");

    public SlackActionUriFactory() {
        super("slack-action", PARAMETERS);
    }
}
