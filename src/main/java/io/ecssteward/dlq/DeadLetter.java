package io.ecssteward.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.alert.Redactor;
import io.ecssteward.event.Arn;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.MalformedEventException;
import io.ecssteward.event.Payload;
import io.ecssteward.sqs.AlertQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * A message in a dead-letter queue, with the reason why it is there. Messages come from three senders: Steward, with
 * the attributes {@code reason} and {@code queue}; SQS's own redrive, without such attributes but with the source
 * queue's ARN; and EventBridge, if it cannot deliver to the events queue.
 *
 * @param id SQS's id of the message
 * @param receiptHandle the receipt handle of the last receive
 * @param body the body as it was in the source queue
 * @param attributes the message attributes, without those about the reason
 * @param since when it was dead-lettered; if SQS moved it, when it was sent to the source queue
 * @param received how often it was received from the dead-letter queue, including this time
 * @param reason what failed, never empty
 * @param source the URL of the source queue; null if unknown
 * @param group its message group if the source was a FIFO queue; null otherwise, or if unknown
 * @param events its events; empty for an alert, or if it cannot be read
 * @param unreadable why it cannot be read; null if it can
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html">EventBridge's dead
 *     letters</a>
 */
public record DeadLetter(
        String id,
        String receiptHandle,
        String body,
        Map<String, MessageAttributeValue> attributes,
        Instant since,
        int received,
        String reason,
        String source,
        String group,
        List<Event> events,
        String unreadable) {

    /** The reason of a message that SQS moved because of the redrive policy. */
    public static final String BY_SQS = "every delivery up to maxReceiveCount failed, so SQS moved it";

    private static final String REASON = "reason";
    private static final String QUEUE = "queue";
    private static final String GROUP = "group";

    private static final String ERROR_CODE = "ERROR_CODE";
    private static final String ERROR_MESSAGE = "ERROR_MESSAGE";
    private static final String TARGET_ARN = "TARGET_ARN";

    private static final Set<String> OURS = Set.of(REASON, QUEUE, GROUP);
    private static final Set<String> OF_EVENTBRIDGE =
            Set.of("RULE_ARN", TARGET_ARN, ERROR_CODE, ERROR_MESSAGE, "EXHAUSTED_RETRY_CONDITION", "RETRY_ATTEMPTS");

    private static final String FIFO = ".fifo";
    private static final int MAX_GIST = 160;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a dead letter.
     *
     * @param message received with all of its attributes
     * @param queueUrl the dead-letter queue's URL, from which the URL of a source queue is derived if only its ARN is
     *     known
     */
    static DeadLetter of(Message message, String queueUrl) {
        Map<String, MessageAttributeValue> attributes = new TreeMap<>(message.messageAttributes());
        Map<MessageSystemAttributeName, String> system = message.attributes();
        String reason = text(attributes, REASON);
        String source = text(attributes, QUEUE);
        String group = text(attributes, GROUP);
        attributes.keySet().removeAll(OURS);
        String moved = system.get(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN);
        if (reason == null && attributes.containsKey(ERROR_CODE)) {
            reason = "EventBridge could not deliver it: " + text(attributes, ERROR_CODE)
                    + said(text(attributes, ERROR_MESSAGE));
            source = sameAccountQueue(queueUrl, text(attributes, TARGET_ARN));
            attributes.keySet().removeAll(OF_EVENTBRIDGE);
        } else if (source == null) {
            source = sameAccountQueue(queueUrl, moved);
        }
        if (reason == null) {
            reason = moved != null ? BY_SQS : "nothing says why";
        }
        List<Event> events = new ArrayList<>();
        String unreadable = null;
        if (source == null || !source.endsWith(FIFO)) {
            EventReader reader = new EventReader();
            try {
                for (Payload payload : reader.open(message.body(), message.messageId())) {
                    events.add(reader.read(payload));
                }
            } catch (MalformedEventException e) {
                unreadable = e.getMessage();
            }
        }
        return new DeadLetter(
                message.messageId(),
                message.receiptHandle(),
                message.body(),
                attributes,
                Instant.ofEpochMilli(number(system.get(MessageSystemAttributeName.SENT_TIMESTAMP))),
                (int) number(system.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)),
                reason,
                source,
                group == null ? system.get(MessageSystemAttributeName.MESSAGE_GROUP_ID) : group,
                List.copyOf(events),
                unreadable);
    }

    /** A short form of the reason, without names and numbers, so that it is equal for messages with the same cause. */
    public String gist() {
        String gist = Redactor.text(reason)
                .replaceAll("\\s+", " ")
                .replaceAll("\\barn:[^\\s,;)]+", "...")
                .replaceAll("[\\w.-]+(/[\\w.-]+)+", "...")
                .replaceAll("\\b[0-9a-f]{8,}(-[0-9a-f]{4,})*\\b|\\b\\d{5,}\\b", "...");
        return gist.length() > MAX_GIST ? gist.substring(0, MAX_GIST) + "..." : gist;
    }

    /** Whether a word or phrase is in the reason or in its short form, ignoring case. */
    public boolean because(String words) {
        String wanted = words.toLowerCase(Locale.ROOT).strip();
        return reason.toLowerCase(Locale.ROOT).contains(wanted)
                || gist().toLowerCase(Locale.ROOT).contains(wanted);
    }

    /** The event's type and resource, in a few words: {@code task-state-change prod/web}. */
    public String about() {
        if (isAlert()) {
            return "alert " + orElse(alert().path("key").textValue(), "without a key");
        }
        if (unreadable != null) {
            return "unreadable";
        }
        Event first = events.get(0);
        String service = first.service() == null ? "" : "/" + first.service();
        // Without a cluster, it has the title that Slack would show.
        return first.type()
                + (first.cluster() == null ? " " + first.alert().title() : " " + first.cluster() + service)
                + (events.size() > 1 ? " and " + (events.size() - 1) + " more" : "");
    }

    /** Whether it is an alert from the alerts queue, rather than a message with events. */
    public boolean isAlert() {
        return source != null && source.endsWith(FIFO);
    }

    /** The message group for sending it back: the one that it had, or else that of its channel. */
    String groupOrChannel() {
        if (group != null) {
            return group;
        }
        String channel = alert().path("channel").textValue();
        return AlertQueue.groupId(
                channel == null || channel.isBlank()
                        ? "default"
                        : channel.strip().replaceFirst("^#", ""));
    }

    private JsonNode alert() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static String sameAccountQueue(String queueUrl, String arn) {
        int name = queueUrl.lastIndexOf('/');
        int account = queueUrl.lastIndexOf('/', name - 1);
        return Arn.parse(arn)
                .filter(a -> a.service().equals("sqs") && account > 0)
                .map(a -> queueUrl.substring(0, account + 1) + a.account() + "/" + a.resource())
                .orElse(null);
    }

    private static String text(Map<String, MessageAttributeValue> attributes, String name) {
        MessageAttributeValue value = attributes.get(name);
        return value == null
                        || value.stringValue() == null
                        || value.stringValue().isBlank()
                ? null
                : value.stringValue();
    }

    private static String said(String message) {
        return message == null ? "" : ": " + message;
    }

    private static String orElse(String text, String other) {
        return text == null ? other : text;
    }

    private static long number(String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
