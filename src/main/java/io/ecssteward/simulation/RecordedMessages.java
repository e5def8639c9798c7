package io.ecssteward.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.FollowUp;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.replay.MessageTime;
import io.ecssteward.simulation.EventRecording.Line;
import io.ecssteward.simulation.EventRecording.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Finds the messages in a JSON value of a recording, and the time of each. */
final class RecordedMessages {

    private static final String RESTART = "ECS Steward Restart";

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final EventReader reader = new EventReader();

    /** The messages in a value, without a time if they have none; null if it is not JSON. */
    List<Line> lines(JsonValues.Value value, String name) {
        JsonNode json;
        try {
            json = JSON.readTree(value.text());
        } catch (JsonProcessingException e) {
            return null;
        }
        List<Line> lines = new ArrayList<>();
        add(json, value.text(), new Place(name, value.line()), lines);
        return lines;
    }

    private void add(JsonNode json, String text, Place place, List<Line> lines) {
        if (json.isArray()) {
            json.forEach(element -> add(element, element.toString(), place, lines));
        } else if (json.path("Messages").isArray() && !json.has("detail")) {
            json.get("Messages").forEach(element -> add(element, element.toString(), place, lines));
        } else if (json.path("Body").isTextual()
                && (json.has("MessageId") || json.has("Attributes") || json.has("ReceiptHandle"))) {
            queued(json.get("Body").textValue(), json.path("Attributes"), place, lines);
        } else if (json.path("Records").path(0).path("body").isTextual()) {
            // An event of an SQS-triggered Lambda function, as people log it.
            json.get("Records")
                    .forEach(
                            element -> queued(element.path("body").asText(), element.path("attributes"), place, lines));
        } else {
            lines.add(new Line(place, MessageTime.of(json, text), text, 0));
        }
    }

    private void queued(String body, JsonNode attributes, Place place, List<Line> lines) {
        Instant time = MessageTime.of(body);
        String sent = attributes.path("SentTimestamp").asText();
        if (time == null && sent.matches("\\d{10,15}")) {
            time = Instant.ofEpochMilli(Long.parseLong(sent));
        }
        lines.add(new Line(place, time, body, 0));
    }

    /** Whether it marks a restart instead of a message. */
    static boolean isRestart(String body) {
        if (!body.contains(RESTART)) {
            return false;
        }
        try {
            JsonNode json = JSON.readTree(body);
            return FollowUp.SOURCE.equals(json.path("source").textValue())
                    && RESTART.equals(json.path("detail-type").textValue());
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Whether it is one of Steward's own follow-ups, which a simulation creates again. */
    boolean isFollowUp(String body) {
        if (!body.contains("ecs-steward")) {
            return false;
        }
        try {
            Event event = reader.read(reader.open(body, null).get(0));
            return event instanceof FollowUp;
        } catch (PermanentFailureException e) {
            return false;
        }
    }
}
