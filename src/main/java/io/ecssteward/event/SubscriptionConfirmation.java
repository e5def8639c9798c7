package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.util.Set;

/**
 * SNS requests the confirmation of a subscription, or reports that one ended. It is logged and ignored: an SQS queue
 * that is subscribed by the account that owns it needs no confirmation.
 *
 * <pre>
 * {"Type": "SubscriptionConfirmation", "MessageId": "...", "TopicArn": "...", "Token": "...", "SubscribeURL": "..."}
 * </pre>
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">SNS message formats</a>
 */
public record SubscriptionConfirmation(Payload payload) implements Event {

    private static final Set<String> TYPES = Set.of("SubscriptionConfirmation", "UnsubscribeConfirmation");

    static boolean recognizes(Payload payload) {
        String type = payload.firstText("Type");
        return type != null && TYPES.contains(type) && payload.firstText("TopicArn") != null;
    }

    /** The SNS topic's ARN. */
    public String topicArn() {
        return payload.firstText("TopicArn");
    }

    @Override
    public String identity() {
        String id = payload.firstText("MessageId");
        return id == null ? payload.fallbackIdentity() : "sns/" + id;
    }

    @Override
    public Alert alert() {
        return Alert.about("subscription/" + topicArn())
                .severity(Severity.INFO)
                .state(Alert.State.INFO)
                .title(payload.text("Type") + " from " + Arn.nameOf(topicArn()))
                .field("Topic", topicArn())
                .build();
    }
}
