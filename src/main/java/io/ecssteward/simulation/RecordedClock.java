package io.ecssteward.simulation;

import io.ecssteward.replay.StandingClock;
import java.time.Instant;

/** The clock of a recording: it stands still until it is moved, and never moves back. */
final class RecordedClock extends StandingClock {

    RecordedClock() {
        super(Instant.MIN);
    }

    /**
     * Moves it on.
     *
     * @return whether it shows that time now; false if it already shows a later time, which it keeps
     */
    boolean to(Instant time) {
        if (time.isBefore(instant())) {
            return false;
        }
        set(time);
        return true;
    }
}
