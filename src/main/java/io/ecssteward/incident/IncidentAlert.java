package io.ecssteward.incident;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecssteward.alert.Alert;
import java.time.Instant;

/**
 * One alert of an incident, with all occurrences of its key.
 *
 * @param latest the alert as it last fired
 * @param count how often it fired
 * @param first when it first fired: the alert's own time, or its arrival if it has none
 * @param last when it last fired
 * @param ended when it ended; null while it fires. Never before {@code last}
 * @param posted when it was last posted; null if never; named {@code told} in documents
 */
public record IncidentAlert(
        Alert latest,
        int count,
        Instant first,
        Instant last,
        Instant ended,
        @JsonProperty("told") Instant posted) {

    /** Whether it has not ended. */
    public boolean firing() {
        return ended == null;
    }

    /** The alert's key, unique in its incident. */
    public String key() {
        return latest.key();
    }

    /** When it resolves by itself if it does not fire again; null for never. */
    Instant noNews() {
        return latest.resolveAfter() == null ? null : last.plus(latest.resolveAfter());
    }

    /** With this alert as the latest, for example a truncated one. */
    IncidentAlert latest(Alert alert) {
        return new IncidentAlert(alert, count, first, last, ended, posted);
    }

    /** Ended at this time, or when it last fired if that is later. */
    IncidentAlert ended(Instant at) {
        return new IncidentAlert(latest, count, first, last, at.isBefore(last) ? last : at, posted);
    }

    /** A copy that was posted at this time. */
    IncidentAlert postedAt(Instant at) {
        return new IncidentAlert(latest, count, first, last, ended, at);
    }
}
