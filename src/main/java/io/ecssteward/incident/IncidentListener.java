package io.ecssteward.incident;

/**
 * Is notified of each change of an incident; for metrics and the log. Bind one in the registry; it must be safe for
 * many threads.
 */
public interface IncidentListener {

    /**
     * An incident was saved as it is now.
     *
     * @param before as it was; null when it is new
     */
    void changed(Incident before, Incident after);
}
