package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.util.Map;

/** Hears what becomes of incidents. Bind one in the registry to be told; must be safe for many threads. */
public interface IncidentListener {

    /**
     * An incident was saved as it is now.
     *
     * @param before as it was; null when it is new
     */
    void changed(Incident before, Incident after);

    /** Slack hears nothing of an alert that fired, because a silence holds. */
    void silenced(Alert alert);

    /** How many incidents are open or acknowledged now, in all replicas; a severity that has none may be left out. */
    void counted(Map<Severity, Integer> open);
}
