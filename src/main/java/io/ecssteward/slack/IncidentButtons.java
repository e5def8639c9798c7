package io.ecssteward.slack;

import io.ecssteward.incident.Incident;
import java.util.List;

/** Knows what the message of an incident offers people to do. */
@FunctionalInterface
public interface IncidentButtons {

    /** The Camel component that knows it, where there is one. */
    String COMPONENT = "slack-action";

    /** In the order in which they stand; empty for none. */
    List<ActionButton> of(Incident incident);
}
