package io.ecssteward.claim;

import java.time.Duration;
import java.time.Instant;

/** A lease that this process holds. */
final class HeldLease {
    final String key;
    final String owner;
    final Duration lease;
    final Instant since;
    volatile Instant recordEnds;
    volatile Instant renewAt;
    /** The work is done, but not yet recorded in the table. */
    volatile boolean done;

    HeldLease(String key, String owner, Duration lease, Instant since, Instant recordEnds, Instant renewAt) {
        this.key = key;
        this.owner = owner;
        this.lease = lease;
        this.since = since;
        this.recordEnds = recordEnds;
        this.renewAt = renewAt;
    }
}
