package io.ecssteward.dispatch;

import io.ecssteward.alerting.RawParameterUriFactory;
import java.util.Set;

/** Allows any text in the patterns of an {@code event:} endpoint. */
public class EventUriFactory extends RawParameterUriFactory {

    static final Set<String> PARAMETERS = Set.of("pattern", "except", "fallback", "replaces");

    public EventUriFactory() {
        super("event", PARAMETERS);
    }
}
