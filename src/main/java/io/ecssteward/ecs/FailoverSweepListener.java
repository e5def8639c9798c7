package io.ecssteward.ecs;

import java.time.Instant;
import java.util.List;

/** Is notified of each sweep ({@code ecs-service:find-failovers}) of this process. Bind one in the registry. */
public interface FailoverSweepListener {

    /** Takes all services that have the tag, in the clusters that may be seen. */
    void swept(List<FailedOverService> found, Instant now);
}
