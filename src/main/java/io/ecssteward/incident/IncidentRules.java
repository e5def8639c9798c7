package io.ecssteward.incident;

import java.time.Duration;

/**
 * The times by which incidents reopen, flap, remind and end, from the settings.
 *
 * @param reopen how long after its end an incident is opened again by an alert, instead of a new one
 * @param flapping how often it must open within an hour to count as flapping; 0 for never
 * @param calm how long nothing may change until a flapping incident counts as resolved, or as open for good
 * @param reminder how long it may be open until people are reminded, and then twice that, and so on; zero for never
 * @param edit the least time between edits that only count
 * @param unacknowledged how long it may be open and not acknowledged before that becomes an event; zero for never
 */
public record IncidentRules(
        Duration reopen, int flapping, Duration calm, Duration reminder, Duration edit, Duration unacknowledged) {

    /** What the settings are by default. */
    public static final IncidentRules DEFAULT = new IncidentRules(
            Duration.ofMinutes(10),
            3,
            Duration.ofMinutes(30),
            Duration.ofHours(4),
            Duration.ofSeconds(10),
            Duration.ofMinutes(10));
}
