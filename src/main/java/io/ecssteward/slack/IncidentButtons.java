package io.ecssteward.slack;

import io.ecssteward.incident.Incident;
import java.util.List;

/** Decides which buttons the message of an incident has. */
@FunctionalInterface
public interface IncidentButtons {

    /** The Camel component that knows it, where there is one. */
    String COMPONENT = "slack-action";

    /** In the order in which they stand; empty for none. */
    List<ActionButton> of(Incident incident);
}
