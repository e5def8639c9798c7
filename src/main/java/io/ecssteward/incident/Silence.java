package io.ecssteward.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Redactor;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds back the messages and replies about some alerts for some time. They are recorded and counted all the same, and
 * nothing that the steward does on ECS depends on it.
 *
 * @param id short enough to type: {@code s-7f3a}, or the name that it has in the file
 * @param pattern an event pattern over {@link AlertFacts}
 * @param from when it begins; null when it is weekly
 * @param until when it ends; null when it is weekly
 * @param weekly when it comes back; null when it holds once
 * @param who made it; null when nobody says
 * @param comment why; null when nobody says
 */
public record Silence(
        String id, ObjectNode pattern, Instant from, Instant until, WeeklyWindow weekly, String who, String comment) {

    public Silence {
        Objects.requireNonNull(id);
        Objects.requireNonNull(pattern);
        who = Redactor.text(who);
        comment = Redactor.text(comment);
    }

    /** When it ends that holds at this time; empty when it does not hold. */
    public Optional<Instant> end(Instant now) {
        if (weekly != null) {
            return weekly.end(now);
        }
        return now.isBefore(from) || !now.isBefore(until) ? Optional.empty() : Optional.of(until);
    }

    /** Whether it never holds again. */
    public boolean over(Instant now) {
        return weekly == null && !now.isBefore(until);
    }

    /** As the store keeps it; those that are weekly are in files only. */
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
     * Reads what the store keeps.
     *
     * @throws RuntimeException when it is none
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
