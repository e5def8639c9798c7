package io.ecssteward.incident;

import com.fasterxml.jackson.annotation.JsonProperty;
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
 * @param posted when it was last posted; null if it was not; {@code told} in documents
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

    /** When it ends if it does not fire again; null for never. */
    Instant noNews() {
        return latest.resolveAfter() == null ? null : last.plus(latest.resolveAfter());
    }

    /** With less of it. */
    IncidentAlert latest(Alert alert) {
        return new IncidentAlert(alert, count, first, last, ended, posted);
    }

    /** Ended, then or when it fired last if that is later. */
    IncidentAlert ended(Instant at) {
        return new IncidentAlert(latest, count, first, last, at.isBefore(last) ? last : at, posted);
    }

    /** It was posted. */
    IncidentAlert postedAt(Instant at) {
        return new IncidentAlert(latest, count, first, last, ended, at);
    }
}
