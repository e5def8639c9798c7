package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import java.time.Instant;

/**
 * One alert of an incident: all times that its key fired.
 *
 * @param latest as it fired last
 * @param count how often it fired
 * @param first when it fired first, by its own time, or else by when it came
 * @param last when it fired last
 * @param ended when it ended; null while it fires. Never before {@code last}
 * @param told when a webhook was last told of it; null when it was not
 */
public record IncidentAlert(Alert latest, int count, Instant first, Instant last, Instant ended, Instant told) {

    /** Whether it has not ended. */
    public boolean firing() {
        return ended == null;
    }

    /** What it is known by in its incident. */
    public String key() {
        return latest.key();
    }
}
