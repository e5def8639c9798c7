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
 * Removes the envelopes of a message body and reads the events inside: an EventBridge event as it is, inside an SNS
 * notification, or inside Lambda-style records.
 *
 * <pre>
 * {"Type": "Notification", "MessageId": "...", "TopicArn": "...", "Subject": "...", "Message": "{...}", ...}
 * {"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "...", "Message": "{...}", ...}}]}
 * </pre>
 *
 * <p>Whatever is no JSON is plain text; JSON nested deeper than 500 counts as text too.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">SNS message formats</a>
 */
public final class EventReader {

    /** An SNS notification around an SNS notification happens with chained topics; deeper nesting is nonsense. */
    private static final int MAX_ENVELOPES = 4;

    /** Half of what Jackson writes: a follow-up, or an alert, has an event inside it and must be written too. */
    private static final int DEEPEST = 500;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A double is Infinity from 1e309 on, and loses digits.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /**
     * Reads the payloads in a message body, without deciding what they are.
     *
     * @param body what the queue delivered; null counts as empty
     * @param messageId the SQS message id, the last resort for telling copies apart; may be null
     * @return one payload, or as many as the body has records; never empty
     */
    public List<Payload> open(String body, String messageId) {
        List<Payload> payloads = new ArrayList<>();
        open(Payload.of(parse(body == null ? "" : body), messageId), MAX_ENVELOPES, payloads);
        return payloads;
    }

    /**
     * Reads one payload as the first kind of event that recognizes it.
     *
     * @throws MalformedEventException when it is a kind of event that ECS Steward acts on, but lacks what that takes
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
                // Records have no SQS message of their own: the place keeps records without an SNS id apart.
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
