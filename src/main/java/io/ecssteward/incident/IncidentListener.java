package io.ecssteward.incident;

/**
 * Called after each change of an incident, for metrics and the log. Bind an implementation in the Camel registry; it
 * must be thread-safe.
 */
public interface IncidentListener {

    /**
     * An incident was saved.
     *
     * @param before the incident before the change; null when it is new
     */
    void changed(Incident before, Incident after);
}
