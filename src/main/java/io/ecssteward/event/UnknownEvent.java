package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.util.Map;

/**
 * JSON of a kind that nobody taught ECS Steward. It is shown as it is, one field a top-level key.
 *
 * <pre>
 * {"source": "aws.glue", "detail-type": "Glue Job State Change", "detail": {"jobName": "nightly", "state": "FAILED"}}
 * </pre>
 *
 * <p>Of severity INFO: nothing known says how much it matters.
 *
 * @param payload what it was read from
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html">EventBridge events</a>
 */
public record UnknownEvent(Payload payload) implements Event {

    /** More than this is not read on a phone. */
    private static final int MAX_FIELDS = 20;

    /** Everything: it is the last in the list. */
    static boolean recognises(Payload payload) {
        return true;
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    @Override
    public Alert alert() {
        JsonNode json = payload.json();
        Alert.Builder alert = Notice.about(this, Severity.INFO, title());
        if (!json.isObject()) {
            return alert.text(json.toString()).build();
        }
        json.properties().stream()
                .limit(MAX_FIELDS)
                .forEach((Map.Entry<String, JsonNode> e) -> alert.field(e.getKey(), Payload.textOf(e.getValue())));
        int more = json.size() - MAX_FIELDS;
        return alert.text(
                        json.isEmpty()
                                ? "The message is an empty object."
                                : more > 0 ? more + " more fields are not shown." : "")
                .build();
    }

    private String title() {
        String type = payload.firstText("detail-type");
        String source = payload.firstText("source");
        String named = type == null ? null : source == null ? type : type + " (" + source + ")";
        return Notice.oneLine(payload.subject(), Notice.oneLine(named, "Message"));
    }
}
