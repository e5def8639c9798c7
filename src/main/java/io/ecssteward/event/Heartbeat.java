package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;

/**
 * A scheduled rule's event, sent every minute, which proves that the queue is processed. The text may be the same each
 * time: it needs neither an id nor a time.
 *
 * <pre>
 * {"source": "ecs-steward", "detail-type": "Heartbeat", "time": "2026-11-17T10:00:00Z"}
 * </pre>
 *
 * @param payload the message that it was read from
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html">EventBridge:
 *     input of a rule's target</a>
 */
public record Heartbeat(Payload payload) implements Event {

    static final String DETAIL_TYPE = "Heartbeat";

    /** The message id, because the next heartbeat may have the same text; the text only if there is no message id. */
    @Override
    public String identity() {
        return payload.messageId() == null ? "heartbeat/" + payload.text("time") : "heartbeat/" + payload.messageId();
    }

    /** The alert about it, for a custom route. */
    @Override
    public Alert alert() {
        return Alert.about("heartbeat")
                .severity(Severity.INFO)
                .state(Alert.State.INFO)
                .title("Heartbeat")
                .build();
    }
}
