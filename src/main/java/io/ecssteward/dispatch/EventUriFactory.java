package io.ecssteward.dispatch;

import io.ecssteward.alerting.RawParameterUriFactory;
import java.util.Set;

/** Lets the patterns in an {@code event:} endpoint hold any text. */
public class EventUriFactory extends RawParameterUriFactory {

    static final Set<String> PARAMETERS = Set.of("pattern", "except", "fallback", "replaces");

    public EventUriFactory() {
        super("event", PARAMETERS);
    }
}
