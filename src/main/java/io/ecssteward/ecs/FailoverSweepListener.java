package io.ecssteward.ecs;

import java.time.Instant;
import java.util.List;

/**
 * Called after each sweep ({@code ecs-service:find-failovers}) of this process. Bind an implementation in the Camel
 * registry.
 */
public interface FailoverSweepListener {

    /** Receives all services that have the tag, in the clusters that Steward may read. */
    void swept(List<FailedOverService> found, Instant now);
}
