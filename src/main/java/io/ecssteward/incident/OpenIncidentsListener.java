package io.ecssteward.incident;

import io.ecssteward.alert.Severity;
import java.util.Map;

/**
 * Is notified each minute of how many incidents are open. Bind one in the registry: without one, they are not counted.
 */
public interface OpenIncidentsListener {

    /** How many are open or acknowledged, in all replicas; a severity that has none may be left out. */
    void counted(Map<Severity, Integer> open);
}
