package io.ecssteward.incident;

import io.ecssteward.alert.Severity;
import java.util.Map;

/**
 * Called once a minute with the number of open incidents. Bind an implementation in the Camel registry: without one,
 * incidents are not counted.
 */
public interface OpenIncidentsListener {

    /**
     * Receives how many incidents are open or acknowledged, in all replicas; a severity without incidents may be
     * missing.
     */
    void counted(Map<Severity, Integer> open);
}
