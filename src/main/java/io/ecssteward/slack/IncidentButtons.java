package io.ecssteward.slack;

import io.ecssteward.incident.Incident;
import java.util.List;

/** Decides which buttons the message of an incident has. */
@FunctionalInterface
public interface IncidentButtons {

    /** The name of the Camel component that provides it, if there is one. */
    String COMPONENT = "slack-action";

    /** The buttons in the order in which they are shown; empty for none. */
    List<ActionButton> of(Incident incident);
}
