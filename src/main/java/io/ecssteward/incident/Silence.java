package io.ecssteward.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Redactor;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds back the messages and replies about some alerts for some time. Silenced alerts are still recorded and counted,
 * and Steward's actions in ECS do not depend on silences.
 *
 * @param id short enough to type: {@code s-7f3a}, or the name that it has in the file
 * @param pattern an event pattern over {@link AlertFacts}
 * @param from when it begins; null when it is weekly
 * @param until when it ends; null when it is weekly
 * @param weekly the weekly window; null when it applies once
 * @param who who created it; null if unknown
 * @param comment why; null if unknown
 */
public record Silence(
        String id, ObjectNode pattern, Instant from, Instant until, WeeklyWindow weekly, String who, String comment) {

    public Silence {
        Objects.requireNonNull(id);
        Objects.requireNonNull(pattern);
        who = Redactor.text(who);
        comment = Redactor.text(comment);
    }

    /** When the silence ends if it is active at this time; empty if it is not active. */
    public Optional<Instant> end(Instant now) {
        if (weekly != null) {
            return weekly.end(now);
        }
        return now.isBefore(from) || !now.isBefore(until) ? Optional.empty() : Optional.of(until);
    }

    /** Whether it will never be active again. */
    public boolean over(Instant now) {
        return weekly == null && !now.isBefore(until);
    }

    /** The JSON for the store. Weekly silences exist only in the file. */
    ObjectNode json() {
        return IncidentJson.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("from", from.toString())
                .put("until", until.toString())
                .put("who", who)
                .put("comment", comment)
                .set("pattern", pattern);
    }

    /**
     * Reads the JSON from the store.
     *
     * @throws RuntimeException when the JSON is not a silence
     */
    static Silence of(JsonNode json) {
        return new Silence(
                json.path("id").asText(),
                (ObjectNode) json.path("pattern"),
                Instant.parse(json.path("from").asText()),
                Instant.parse(json.path("until").asText()),
                null,
                json.path("who").asText(null),
                json.path("comment").asText(null));
    }
}
