package io.ecssteward.dlq;

import io.ecssteward.limits.SqsLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Inspects a dead-letter queue and sends messages back to the queues they came from. Receiving a message hides it from
 * other consumers; {@link #close} makes it visible again, and after a crash the {@link #HIDDEN visibility timeout}
 * does.
 *
 * <p>Not thread-safe, except {@link #stop}.
 */
public final class DeadLetterQueue implements AutoCloseable {

    /** The visibility timeout while messages are inspected: how long they stay hidden if the command is killed. */
    public static final Duration HIDDEN = Duration.ofMinutes(5);

    /** The limit for bodies in memory, about a hundred of the largest messages. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    /** A long poll queries every SQS server; one second is long enough for that. */
    public static final int WAIT_SECONDS = 1;

    private static final int MAX_EMPTY_RECEIVES = 2;

    private final SqsClient sqs;
    private final String url;
    private final int waitSeconds;
    private final Map<String, String> hidden = new LinkedHashMap<>();
    private final Map<String, Long> hiddenSince = new HashMap<>();
    private volatile boolean stopped;
    private boolean more;

    /**
     * The result of sending a dead letter back.
     *
     * @param sent whether SQS accepted it
     * @param trouble why it was not sent, or why it was sent but could not be deleted here; null on success
     */
    public record Returned(DeadLetter letter, String queue, boolean sent, String trouble) {}

    /**
     * The queue with this URL.
     *
     * @param waitSeconds how long SQS waits for messages if it has none; {@value #WAIT_SECONDS} for the real SQS
     */
    public DeadLetterQueue(SqsClient sqs, String url, int waitSeconds) {
        this.sqs = sqs;
        this.url = url;
        this.waitSeconds = waitSeconds;
    }

    /** A queue's name. */
    public static String name(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** SQS's approximate number of messages, including hidden ones. */
    public int size() {
        return attributes().entrySet().stream()
                .filter(a -> a.getKey() != QueueAttributeName.REDRIVE_POLICY)
                .mapToInt(a -> Integer.parseInt(a.getValue()))
                .sum();
    }

    /**
     * How many messages were not received, by SQS's approximate count: they are in flight in another consumer, or
     * behind others in a FIFO queue.
     */
    public int unseen() {
        return Math.max(0, size() - hidden.size());
    }

    /**
     * Whether the dead-letter queue itself has a redrive policy, so that SQS would move messages that are inspected too
     * often.
     */
    public boolean hasRedrivePolicy() {
        return attributes().containsKey(QueueAttributeName.REDRIVE_POLICY);
    }

    private Map<QueueAttributeName, String> attributes() {
        return sqs.getQueueAttributes(r -> r.queueUrl(url)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                QueueAttributeName.REDRIVE_POLICY))
                .attributes();
    }

    /**
     * Reads messages, the oldest first. From a FIFO queue, SQS returns up to ten messages of a group, and further ones
     * only after these were deleted.
     *
     * @param limit the maximum number of messages
     * @param enough whether those received so far are enough
     * @throws SdkException if SQS refuses or does not answer
     */
    public List<DeadLetter> look(int limit, Predicate<Collection<DeadLetter>> enough) {
        Map<String, DeadLetter> seen = new LinkedHashMap<>();
        long bytes = 0;
        more = false;
        for (int empty = 0; empty < MAX_EMPTY_RECEIVES && !stopped && !enough.test(seen.values()); ) {
            if (seen.size() >= limit || bytes >= MAX_BYTES) {
                more = true;
                break;
            }
            int batch = Math.min(SqsLimits.BATCH, limit - seen.size());
            long now = System.nanoTime();
            List<Message> received = sqs.receiveMessage(r -> r.queueUrl(url)
                            .maxNumberOfMessages(batch)
                            .waitTimeSeconds(waitSeconds)
                            .visibilityTimeout((int) HIDDEN.toSeconds())
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                    .messages();
            empty = received.isEmpty() ? empty + 1 : 0;
            for (Message message : received) {
                hidden.put(message.messageId(), message.receiptHandle());
                hiddenSince.put(message.messageId(), now);
                seen.put(message.messageId(), DeadLetter.of(message, url));
                bytes += message.body().length();
            }
        }
        return seen.values().stream()
                .sorted(Comparator.comparing(DeadLetter::since))
                .toList();
    }

    /** Whether the last {@link #look} stopped at its limit, so that the queue may have more messages. */
    public boolean hasMore() {
        return more;
    }

    /** Whether {@link #stop} was called. */
    public boolean isStopped() {
        return stopped;
    }

    /** Makes reading or sending end soon; for another thread, such as the handler of Ctrl-C. */
    public void stop() {
        stopped = true;
    }

    /**
     * Sends messages back to their queues, and deletes each here once SQS has accepted it.
     *
     * @param target returns the URL of a letter's queue
     * @param report called for each message with the result
     */
    public void sendBack(List<DeadLetter> letters, Function<DeadLetter, String> target, Consumer<Returned> report) {
        new DeadLetterSender(sqs, this, report).send(letters, target);
    }

    String url() {
        return url;
    }

    /** The receipt handle of a message that was received and not yet deleted. */
    String receiptHandle(DeadLetter letter) {
        return hidden.get(letter.id());
    }

    void deleted(DeadLetter letter) {
        hidden.remove(letter.id());
    }

    Duration hiddenFor(DeadLetter letter) {
        return Duration.ofNanos(System.nanoTime() - hiddenSince.getOrDefault(letter.id(), System.nanoTime()));
    }

    /** Describes a failed request, with the fix. */
    public static String describe(SdkException e, String action, String queue) {
        if (!(e instanceof AwsServiceException answer) || answer.awsErrorDetails() == null) {
            return e.getMessage() != null && e.getMessage().contains("credentials")
                    ? "there are no AWS credentials; log in, or set AWS_PROFILE"
                    : "SQS does not answer for " + queue + ": " + e.getMessage();
        }
        String code = String.valueOf(answer.awsErrorDetails().errorCode());
        if (code.contains("NonExistentQueue") || code.contains("QueueDoesNotExist")) {
            return "there is no queue " + queue + ", or you may not see it; check the name, the account and the region";
        }
        if (answer.statusCode() == 403 || code.contains("AccessDenied")) {
            return "you may not do " + action + " on " + queue + ": "
                    + answer.awsErrorDetails().errorMessage();
        }
        return "SQS answered " + code + " for " + queue + ": "
                + answer.awsErrorDetails().errorMessage();
    }

    /**
     * Makes the remaining inspected messages visible again. Messages for which this fails become visible at the end of
     * their visibility timeout.
     */
    @Override
    public void close() {
        List<String> handles = new ArrayList<>(hidden.values());
        hidden.clear();
        for (int from = 0; from < handles.size(); from += SqsLimits.BATCH) {
            List<String> batch = handles.subList(from, Math.min(handles.size(), from + SqsLimits.BATCH));
            sqs.changeMessageVisibilityBatch(r -> r.queueUrl(url)
                    .entries(IntStream.range(0, batch.size())
                            .mapToObj(i -> ChangeMessageVisibilityBatchRequestEntry.builder()
                                    .id(Integer.toString(i))
                                    .receiptHandle(batch.get(i))
                                    .visibilityTimeout(0)
                                    .build())
                            .toList()));
        }
    }
}
