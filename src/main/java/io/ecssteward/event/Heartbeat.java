package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;

/**
 * A scheduled rule's event, sent every minute, which proves that the queue is processed. The text may be the same each
 * time, so neither an id nor a time is needed.
 *
 * <pre>
 * {"source": "ecs-steward", "detail-type": "Heartbeat", "time": "2026-11-17T10:00:00Z"}
 * </pre>
 *
 * @param payload what it was read from
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html">EventBridge:
 *     input of a rule's target</a>
 */
public record Heartbeat(Payload payload) implements Event {

    static final String DETAIL_TYPE = "Heartbeat";

    /** By the message, because the next one may have the same text; by the text only where no message is known. */
    @Override
    public String identity() {
        return payload.messageId() == null ? "heartbeat/" + payload.text("time") : "heartbeat/" + payload.messageId();
    }

    /** The alert of a custom route about it. */
    @Override
    public Alert alert() {
        return Alert.about("heartbeat")
                .severity(Severity.INFO)
                .state(Alert.State.INFO)
                .title("Heartbeat")
                .build();
    }
}
