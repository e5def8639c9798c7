package io.ecssteward.simulation;

import io.ecssteward.replay.StandingClock;
import java.time.Instant;

/** The time in a recording: it stands still until it is moved, and never goes back. */
final class RecordedClock extends StandingClock {

    RecordedClock() {
        super(Instant.MIN);
    }

    /**
     * Moves it on.
     *
     * @return whether it is that time now; false when it is later already, and stays so
     */
    boolean to(Instant time) {
        if (time.isBefore(instant())) {
            return false;
        }
        set(time);
        return true;
    }
}
