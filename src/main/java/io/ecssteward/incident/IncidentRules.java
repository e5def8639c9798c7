package io.ecssteward.incident;

import java.time.Duration;

/**
 * The settings for when incidents reopen, flap, are reminded of and end.
 *
 * @param reopen how long after its end a new alert reopens an incident instead of opening a new one
 * @param flapping how often it must open within an hour to count as flapping; 0 for never
 * @param calm how long a flapping incident must stay unchanged before it is resolved, or no longer counts as flapping
 * @param reminder how long an incident is open before the first reminder; each later reminder takes twice as long; zero
 *     for never
 * @param edit the minimum time between edits that only update counts
 * @param unacknowledged how long an incident is open without being acknowledged before {@code Incident Unacknowledged}
 *     is sent; zero for never
 */
public record IncidentRules(
        Duration reopen, int flapping, Duration calm, Duration reminder, Duration edit, Duration unacknowledged) {

    /** The default settings. */
    public static final IncidentRules DEFAULT = new IncidentRules(
            Duration.ofMinutes(10),
            3,
            Duration.ofMinutes(30),
            Duration.ofHours(4),
            Duration.ofSeconds(10),
            Duration.ofMinutes(10));
}
