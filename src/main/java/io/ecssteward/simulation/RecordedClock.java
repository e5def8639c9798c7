package io.ecssteward.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time in a recording: it stands still until it is moved, and never goes back. */
public final class RecordedClock extends Clock {

    private volatile Instant now = Instant.MIN;

    /**
     * Moves it on.
     *
     * @return whether it is that time now; false when it is later already, and stays so
     */
    boolean to(Instant time) {
        if (time.isBefore(now)) {
            return false;
        }
        now = time;
        return true;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Itself: only instants are asked of it. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
