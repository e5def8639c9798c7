package io.ecssteward.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Removes the envelopes of a message body and reads the events inside: an EventBridge event, alone, inside an SNS
 * notification, or inside Lambda-style records.
 *
 * <pre>
 * {"Type": "Notification", "MessageId": "...", "TopicArn": "...", "Subject": "...", "Message": "{...}", ...}
 * {"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "...", "Message": "{...}", ...}}]}
 * </pre>
 *
 * <p>A body that is not JSON is plain text, and so is JSON with more than 500 levels of nesting.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">SNS message formats</a>
 */
public final class EventReader {

    /** Chained topics put an SNS notification inside another; deeper nesting makes no sense. */
    private static final int MAX_ENVELOPES = 4;

    /** Half of the nesting that Jackson writes: follow-ups and alerts contain an event and must be written, too. */
    private static final int DEEPEST = 500;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A double is Infinity from 1e309 on, and loses digits before that.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /**
     * Reads the payloads in a message body, without deciding what they are.
     *
     * @param body the message body from the queue; null counts as empty
     * @param messageId the SQS message id, used as the identity if there is no better one; may be null
     * @return one payload, or one for each record in the body; never empty
     */
    public List<Payload> open(String body, String messageId) {
        List<Payload> payloads = new ArrayList<>();
        open(Payload.of(parse(body == null ? "" : body), messageId), MAX_ENVELOPES, payloads);
        return payloads;
    }

    /**
     * Reads one payload as the first kind of event that recognizes it.
     *
     * @throws MalformedEventException if ECS Steward acts on this type of event, but a field that it needs is missing
     */
    public Event read(Payload payload) {
        for (EventType type : EventTypes.ALL) {
            if (type.recognizes().test(payload)) {
                return type.read().apply(payload);
            }
        }
        throw new IllegalStateException("the last type in the list recognizes everything");
    }

    private void open(Payload payload, int envelopes, List<Payload> into) {
        JsonNode json = payload.json();
        if (envelopes > 0 && isNotification(json)) {
            open(inside(json, payload), envelopes - 1, into);
        } else if (envelopes > 0 && isRecords(json)) {
            int place = 0;
            for (JsonNode each : json.get("Records")) {
                JsonNode sns = each.path("Sns");
                // All records share one SQS message: the index distinguishes records without an SNS id.
                String id = payload.messageId() == null ? null : payload.messageId() + "#" + place++;
                Payload record = new Payload(json, null, id, Map.of());
                open(inside(sns, record), envelopes - 1, into);
            }
        } else {
            into.add(payload);
        }
    }

    private static boolean isNotification(JsonNode json) {
        return "Notification".equals(json.path("Type").textValue())
                && json.path("Message").isTextual();
    }

    private static boolean isRecords(JsonNode json) {
        JsonNode records = json.path("Records");
        if (!records.isArray() || records.isEmpty()) {
            return false;
        }
        for (JsonNode each : records) {
            if (!each.path("Sns").path("Message").isTextual()) {
                return false;
            }
        }
        return true;
    }

    private Payload inside(JsonNode sns, Payload around) {
        Map<String, String> attributes = new HashMap<>();
        sns.path("MessageAttributes").properties().forEach(e -> {
            String value = Payload.textOf(e.getValue().path("Value"));
            if (value != null) {
                attributes.put(e.getKey(), value);
            }
        });
        String subject = sns.path("Subject").textValue();
        String id = sns.path("MessageId").textValue();
        return new Payload(
                parse(sns.path("Message").textValue()), subject, id == null ? around.messageId() : id, attributes);
    }

    static JsonNode parse(String body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json == null || json.isMissingNode() ? TextNode.valueOf(body) : json;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(body);
        }
    }
}
