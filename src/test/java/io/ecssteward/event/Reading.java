package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Field;
import io.ecssteward.alert.Link;
import java.util.List;

/** Reads message bodies as the intake does, and puts envelopes around them. */
public final class Reading {
    private Reading() {}

    static final String SQS_ID = "sqs-1";

    /** The only event in a body. */
    static Event read(String body) {
        List<Payload> payloads = new EventReader().open(body, SQS_ID);
        if (payloads.size() != 1) {
            throw new AssertionError("one payload expected, not " + payloads.size());
        }
        return new EventReader().read(payloads.get(0));
    }

    /** The message inside an SNS notification; no subject when it is null. */
    static String sns(String subject, String message) {
        ObjectNode json = notification(subject, message);
        json.put("Type", "Notification");
        return json.toString();
    }

    /** The message inside Lambda-style records. */
    static String records(String subject, String message) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("Records").addObject().put("EventSource", "aws:sns").set("Sns", notification(subject, message));
        return json.toString();
    }

    private static ObjectNode notification(String subject, String message) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("MessageId", "sns-1");
        json.put("TopicArn", "arn:aws:sns:eu-west-1:111122223333:alerts");
        if (subject != null) {
            json.put("Subject", subject);
        }
        json.put("Message", message);
        json.put("Timestamp", "2026-01-02T03:04:05.678Z");
        return json;
    }

    static JsonNode json(String text) {
        return EventReader.parse(text);
    }

    /** The value of an alert's field; null when it has none of that name. */
    static String field(Alert alert, String name) {
        return alert.fields().stream()
                .filter(f -> f.name().equals(name))
                .map(Field::value)
                .findFirst()
                .orElse(null);
    }

    /** The URL of an alert's link; null when it has none of that label. */
    static String link(Alert alert, String label) {
        return alert.links().stream()
                .filter(l -> l.label().equals(label))
                .map(Link::url)
                .findFirst()
                .orElse(null);
    }
}
