package io.ecssteward.slack;

import static io.ecssteward.slack.SlackMessage.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.Shown;
import io.ecssteward.incident.Step;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The metadata by which Steward finds a message or a reply of an incident again. People do not see it, and Slack keeps
 * it when the message is edited.
 *
 * <pre>
 * {"event_type": "ecs_steward_incident", "event_payload": {"incident": "web-7f3a", "attempt": 1}}
 * </pre>
 *
 * @see <a href="https://docs.slack.dev/messaging/message-metadata">Message metadata</a>
 */
final class IncidentMark {
    private static final String MESSAGE = "ecs_steward_incident";
    private static final String REPLY = "ecs_steward_incident_reply";

    private IncidentMark() {}

    /** Marks a message with the incident and the attempt that posts it. */
    static ObjectNode message(ObjectNode message, Incident incident, int attempt) {
        return mark(message, MESSAGE, payload(incident, attempt));
    }

    /** Marks a reply with the incident and the attempt that posts it. */
    static ObjectNode reply(ObjectNode message, Incident incident, int attempt) {
        return mark(message, REPLY, payload(incident, attempt));
    }

    /** Marks a digest with all incidents in it. */
    static void digest(ObjectNode digest, List<SlackPacer.Shareable> together) {
        ArrayNode incidents = JSON.arrayNode();
        for (SlackPacer.Shareable each : together) {
            if (each.step() instanceof Step.NewMessage posted) {
                incidents.add(payload(posted.incident(), posted.attempt()));
            }
        }
        if (!incidents.isEmpty()) {
            mark(digest, MESSAGE, JSON.objectNode().set("incidents", incidents));
        }
    }

    private static ObjectNode mark(ObjectNode message, String type, ObjectNode payload) {
        message.putObject("metadata").put("event_type", type).set("event_payload", payload);
        return message;
    }

    private static ObjectNode payload(Incident incident, int attempt) {
        return JSON.objectNode().put("incident", incident.id()).put("attempt", attempt);
    }

    /** The message, if the incident's attempt posted it, without its ts if it is a digest; null otherwise. */
    static Step.Posted find(JsonNode message, String channel, Incident incident) {
        JsonNode metadata = message.path("metadata");
        String type = incident.shown().attempt().reply() ? REPLY : MESSAGE;
        if (!metadata.path("event_type").asText().equals(type)) {
            return null;
        }
        JsonNode payload = metadata.path("event_payload");
        if (names(payload, incident)) {
            return new Step.Posted(channel, message.path("ts").asText());
        }
        boolean among = StreamSupport.stream(payload.path("incidents").spliterator(), false)
                .anyMatch(each -> names(each, incident));
        return among ? new Step.Posted(channel, null) : null;
    }

    private static boolean names(JsonNode payload, Incident incident) {
        Shown.Attempt attempt = incident.shown().attempt();
        return payload.path("incident").asText().equals(incident.id())
                && payload.path("attempt").asInt(-1) == attempt.number();
    }
}
