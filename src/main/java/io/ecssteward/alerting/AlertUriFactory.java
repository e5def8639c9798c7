package io.ecssteward.alerting;

import java.util.Set;

/** Lets the parameters of an {@code alert:} step hold any text. */
public class AlertUriFactory extends RawParameterUriFactory {

    static final Set<String> PARAMETERS = Set.of(
            "channel",
            "mention",
            "severity",
            "state",
            "title",
            "text",
            "fields",
            "links",
            "key",
            "coolDown",
            "incident",
            "resolveAfter",
            "time",
            "actions",
            "lazyStartProducer");

    public AlertUriFactory() {
        super("alert", PARAMETERS);
    }
}
