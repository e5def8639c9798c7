package io.ecssteward.sqs;

import io.ecssteward.alert.Redactor;
import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.limits.SqsLimits;
import io.ecssteward.log.LogFields;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.apache.camel.component.aws2.sqs.Sqs2Endpoint;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The bean {@code redelivery}: backs off from a message that could not be processed. It stays in the queue and is
 * delivered again, after a delay that doubles with each delivery, until the queue's redrive policy moves it to the
 * dead-letter queue.
 */
public class Redelivery implements ExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Redelivery.class);

    /** Seconds; with a first wait of 15, five deliveries span eight minutes, and ten an hour and a half. */
    private static final int MAX_DELAY_SECONDS = 1_800;

    /** A minute less, for the time that the message was already in flight. */
    private static final long MAX_VISIBILITY_SECONDS = SqsLimits.VISIBILITY.toSeconds() - 60;

    /** Longer than any message attribute needs to be, and short enough to be read in the console. */
    private static final int MAX_CHARACTERS = 1_000;

    private static final String REPORTED = "StewardRedelivery";

    private final Set<String> reported = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > 10_000;
        }
    });

    private int initialDelay = 15;

    /**
     * Seconds until a message that failed for the first time is delivered again; doubled with each delivery. A
     * duplicate of an event in progress waits a third of that, because processing takes seconds.
     */
    public void setInitialDelay(int initialDelay) {
        this.initialDelay = initialDelay;
    }

    /**
     * The reason why the message is dead-lettered, for its attribute.
     *
     * @return at most 1,000 characters, and no character that SQS refuses in an attribute
     */
    public String reason(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        // SQS refuses an attribute without a value.
        boolean silent = failure == null
                || failure.getMessage() == null
                || failure.getMessage().isBlank();
        String reason = silent ? String.valueOf(failure) : failure.getMessage();
        reason = Redactor.text(reason)
                .codePoints()
                .map(c -> c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c > 0xFFFF ? c : '?')
                .limit(MAX_CHARACTERS)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        LogFields.of(LOG.atError(), exchange)
                .log(
                        "message {} goes to the dead-letter queue: {}",
                        exchange.getMessage().getHeader(Sqs2Constants.MESSAGE_ID),
                        reason);
        return reason;
    }

    @Override
    public void handleException(Throwable exception) {
        handleException(null, null, exception);
    }

    @Override
    public void handleException(String message, Throwable exception) {
        handleException(message, null, exception);
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {
        String handle =
                exchange == null ? null : exchange.getIn().getHeader(Sqs2Constants.RECEIPT_HANDLE, String.class);
        if (handle == null) {
            LOG.warn("reading the queue: {}; trying again", rootMessage(exception));
            return;
        }
        if (!exchange.isFailed()) {
            LOG.warn(
                    "deleting a processed message failed: {}; the next delivery will be dropped as a duplicate",
                    rootMessage(exception));
            return;
        }
        // The consumer reports a failure when the exchange is completed, and again when it is handed back.
        if (exchange.getProperty(REPORTED) != null) {
            return;
        }
        exchange.setProperty(REPORTED, true);
        int seconds = seconds(exchange, exception);
        String id = exchange.getIn().getHeader(Sqs2Constants.MESSAGE_ID, String.class);
        if (exception instanceof ClaimHeldException) {
            LogFields.of(LOG.atInfo(), exchange)
                    .log("message {} is delivered again in {} s: {}", id, seconds, exception.getMessage());
        } else if (!(exception instanceof PermanentFailureException)) {
            LogFields.of(LOG.atWarn(), exchange)
                    .log("message {} is delivered again in {} s: {}", id, seconds, rootMessage(exception));
        } else if (firstTime(id)) {
            LogFields.of(LOG.atError(), exchange)
                    .log(
                            "message {} cannot be processed and stays in the queue, because no dead-letter queue is"
                                    + " set; set steward.dead-letter.queue-url, or fix the cause: {}",
                            id,
                            exception.getMessage());
        }
        try {
            exchange.getContext()
                    .getRegistry()
                    .findSingleByType(SqsClient.class)
                    .changeMessageVisibility(r ->
                            r.queueUrl(queue(exchange)).receiptHandle(handle).visibilityTimeout(seconds));
        } catch (SdkException e) {
            LOG.debug(
                    "changing the visibility of message {}: {}; it comes back after the visibility timeout",
                    id,
                    e.getMessage());
        }
    }

    /** The URL of the queue that the message came from; null if it did not come from a queue. */
    public String queue(Exchange exchange) {
        return exchange.getFromEndpoint() instanceof Sqs2Endpoint sqs
                ? sqs.getConfiguration().getQueueUrl()
                : null;
    }

    /**
     * The message group of a message from a FIFO queue, which keeps its position when it is sent back; null for other
     * queues.
     */
    public String group(Exchange exchange) {
        Map<?, ?> attributes = exchange.getIn().getHeader(Sqs2Constants.ATTRIBUTES, Map.class);
        String queue = queue(exchange);
        boolean fifo = attributes != null && queue != null && queue.endsWith(".fifo");
        return fifo ? (String) attributes.get(MessageSystemAttributeName.MESSAGE_GROUP_ID) : null;
    }

    private int seconds(Exchange exchange, Throwable exception) {
        if (exception instanceof RetryAfterException later) {
            return (int)
                    Math.max(1, Math.min(MAX_VISIBILITY_SECONDS, later.after().toSeconds()));
        }
        int received = received(exchange);
        int base = exception instanceof ClaimHeldException
                ? Math.max(1, initialDelay / 3) << Math.min(received - 1, 10)
                : initialDelay << Math.min(received - 1, 10);
        // Always the short wait: a FIFO queue delivers no later message of the group meanwhile.
        int wait = queue(exchange).endsWith(".fifo") ? initialDelay : Math.min(MAX_DELAY_SECONDS, base);
        return wait + ThreadLocalRandom.current().nextInt(wait / 5 + 1);
    }

    private static int received(Exchange exchange) {
        Map<?, ?> attributes = exchange.getIn().getHeader(Sqs2Constants.ATTRIBUTES, Map.class);
        Object count = attributes == null ? null : attributes.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
        try {
            return count == null ? 1 : Math.max(1, Integer.parseInt(count.toString()));
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private boolean firstTime(String id) {
        synchronized (reported) {
            return reported.add(id);
        }
    }

    private static String rootMessage(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return exception == root ? exception.getMessage() : exception.getMessage() + ": " + root.getMessage();
    }
}
