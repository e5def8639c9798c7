package io.ecssteward.sqs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.AlertJson;
import io.ecssteward.alert.Sha256;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.limits.SlackLimits;
import io.ecssteward.limits.SqsLimits;
import io.ecssteward.log.LogFields;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.Trace;
import io.ecssteward.slack.PacedSlackComponent;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.apache.camel.spi.Synchronization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code alert-queue}: writes and reads alerts in the FIFO queue, which has a message group for each Slack
 * channel. SQS delivers at most ten messages of a group, and no others of it until these are deleted, so that only one
 * replica at a time posts to a channel, and in order.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html">FIFO
 *     queue delivery logic</a>
 */
public class AlertQueue {

    private static final Logger LOG = LoggerFactory.getLogger("io.ecssteward.alerts");

    private static final String DEDUPLICATION = "StewardDeduplicationId";

    /**
     * The message group ids that SQS accepts.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html">SendMessage</a>
     */
    private static final Pattern PLAIN = Pattern.compile("[\\p{Alnum}\\p{Punct}]{1,128}");

    /** Less than {@link SqsLimits#VISIBILITY}, so that the last retry still has time. */
    private static final Duration MAX_RETRY_TIME = Duration.ofHours(6);

    /** In characters; more than Slack shows: {@link SlackLimits#ALL_BLOCKS}. */
    private static final int MAX_CHARACTERS = 20_000;

    /** Sets the message group id and the deduplication id. */
    public void address(Exchange exchange) {
        Alert alert = exchange.getMessage().getBody(Alert.class);
        exchange.setProperty(Sqs2Constants.MESSAGE_GROUP_ID_PROPERTY, groupId(group(alert, exchange)));
        exchange.setProperty(DEDUPLICATION, Sha256.of(id(alert, exchange)));
    }

    /**
     * The alert as the body of a message, cut to what Slack can show. If traces are exported, it carries the trace
     * context.
     *
     * @throws PermanentFailureException if it is larger than SQS allows, which only a payload in Slack's own format can
     *     be
     */
    public String write(Alert alert, Exchange exchange) throws JsonProcessingException {
        ObjectNode message = AlertJson.MAPPER.valueToTree(AlertJson.cut(alert, MAX_CHARACTERS));
        Trace trace = Trace.of(exchange);
        if (trace != null) {
            message.put("traceparent", trace.parent());
        }
        String written = AlertJson.MAPPER.writeValueAsString(message);
        if (written.length() > SqsLimits.BYTES) {
            throw new PermanentFailureException("queueing an alert: it has " + written.length()
                    + " bytes, but a queue accepts at most " + SqsLimits.BYTES);
        }
        return written;
    }

    /** Whether to keep retrying to post this exchange's alert; alerts received together stop being retried together. */
    public boolean mayRetry(Exchange exchange) {
        return exchange.getClock().elapsed() < MAX_RETRY_TIME.toMillis();
    }

    /** Remembers that the alert was put into the queue. */
    public void sent(Exchange exchange) {
        Alert alert = exchange.getMessage().getBody(Alert.class);
        EventOutcome.of(exchange)
                .performed(new Action(
                        "sqs",
                        "SendMessage",
                        group(alert, exchange),
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("key", alert.key())
                                .put("title", alert.title()),
                        alert));
    }

    /**
     * The alert in a message.
     *
     * @throws PermanentFailureException if the message is not an alert
     */
    public Alert read(Exchange exchange) {
        Alert alert;
        try {
            alert = AlertJson.MAPPER.readValue(exchange.getMessage().getBody(String.class), Alert.class);
        } catch (JsonProcessingException e) {
            throw new PermanentFailureException("reading an alert from its queue: " + e.getOriginalMessage());
        }
        if (alert == null) {
            throw new PermanentFailureException("reading an alert from its queue: it is null");
        }
        EventOutcome eventOutcome = EventOutcome.begin(exchange);
        exchange.getExchangeExtension().addOnCompletion(new Synchronization() {
            @Override
            public void onComplete(Exchange done) {
                LogFields.of(LOG.atInfo(), alert, eventOutcome, null).log("{}: {}", alert.claim(), eventOutcome);
            }

            @Override
            public void onFailure(Exchange failed) {
                LogFields.of(LOG.atWarn(), alert, eventOutcome, failed.getException())
                        .log(
                                "{}: failed: {}",
                                alert.claim(),
                                failed.getException().getMessage());
            }
        });
        return alert;
    }

    /** The message's identity, which stays the same if the alert is put into the queue twice. */
    private static String id(Alert alert, Exchange exchange) {
        return "posted/" + group(alert, exchange) + "/" + alert.claim() + "/" + alert.origin();
    }

    /** The alert's destination, without secrets. Channels that share a webhook share its rate limit, and so a group. */
    private static String group(Alert alert, Exchange exchange) {
        return exchange.getContext()
                .getComponent("slack", PacedSlackComponent.class)
                .lane(alert.channel());
    }

    /** The message group id of a destination, in a form that SQS accepts. */
    public static String groupId(String group) {
        return PLAIN.matcher(group).matches() ? group : Sha256.of(group);
    }

    /** The deduplication id, which SQS remembers for five minutes; for Camel's producer. */
    public static String deduplicationId(Exchange exchange) {
        String id = exchange.getProperty(DEDUPLICATION, String.class);
        return id == null ? exchange.getExchangeId() : id;
    }
}
