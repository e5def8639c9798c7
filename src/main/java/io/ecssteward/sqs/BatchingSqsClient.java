package io.ecssteward.sqs;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsServiceClientConfiguration;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * An SQS client for Camel's consumer, which needs few requests and stops at once.
 *
 * <p><b>Its long polls end when Steward stops.</b> Camel waits for a poll in progress, which takes up to 20 seconds,
 * and by then the container may be killed. Polls use a separate client, because only closing the client ends them: a
 * thread that reads from a socket ignores interrupts. No message is lost: SQS delivers the messages of an aborted poll
 * again when their visibility timeout ends.
 *
 * <p><b>Only one poll runs while the queue is empty</b>, however many consumers there are ({@link IdlePolls}).
 *
 * <p><b>Messages are deleted in batches</b>, some time after the call returns ({@link DeleteBatches}). After a crash,
 * SQS delivers those again that were not deleted yet.
 *
 * <p><b>One reader can follow another</b> without a message being lost between them: when routes are replaced while
 * Steward runs, the new ones read through a {@link #successor}. Polls in progress are not aborted, although they can
 * take up to 20 more seconds; the messages that they return go to the successor.
 */
public class BatchingSqsClient implements SqsClient {

    private static final ReceiveMessageResponse NOTHING =
            ReceiveMessageResponse.builder().build();

    private final SqsClient client;
    private final SqsClient polls;
    private final LongSupplier nanoTime;
    private final DeleteBatches deletes;
    private final Map<String, IdlePolls> idlePolls;
    private final Map<String, LastPoll> lastPolls;
    private final AtomicReference<Consumer<RuntimeException>> failures;
    private final AtomicBoolean ended;

    /** Counted down when this reader may receive, or has ended. */
    private final CountDownLatch begun;

    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean reading;

    /**
     * Joins two clients; closing this closes both.
     *
     * @param client for everything else
     * @param polls for receiving
     */
    public BatchingSqsClient(SqsClient client, SqsClient polls) {
        this(client, polls, System::nanoTime);
    }

    BatchingSqsClient(SqsClient client, SqsClient polls, LongSupplier nanoTime) {
        this.client = client;
        this.polls = polls;
        this.nanoTime = nanoTime;
        failures = new AtomicReference<>(failure -> {});
        deletes = new DeleteBatches(client, failure -> failures.get().accept(failure));
        idlePolls = new ConcurrentHashMap<>();
        lastPolls = new ConcurrentHashMap<>();
        ended = new AtomicBoolean();
        begun = new CountDownLatch(0);
        reading = true;
    }

    /** Sets the listener for polls and deletions that fail; other calls throw their failures to the caller. */
    public void onFailure(Consumer<RuntimeException> listener) {
        failures.set(listener);
    }

    private BatchingSqsClient(BatchingSqsClient before) {
        client = before.client;
        polls = before.polls;
        nanoTime = before.nanoTime;
        deletes = before.deletes;
        idlePolls = before.idlePolls;
        lastPolls = before.lastPolls;
        failures = before.failures;
        ended = before.ended;
        begun = new CountDownLatch(1);
    }

    /** Another reader with the same clients, which receives nothing until the {@linkplain #handOver hand-over}. */
    public BatchingSqsClient successor() {
        return new BatchingSqsClient(this);
    }

    /** Stops receiving, and lets the successor receive. */
    public void handOver(BatchingSqsClient successor) {
        end();
        successor.reading = true;
        successor.begun.countDown();
    }

    /** Stops receiving. Messages of polls in progress are left for the next reader. */
    public void end() {
        boolean was = reading;
        reading = false;
        begun.countDown();
        if (was) {
            idlePolls.values().forEach(IdlePolls::handOver);
        }
    }

    /** Whether a poll of this reader is in progress. */
    public boolean polling() {
        return underWay.get() > 0;
    }

    /**
     * Ends the polls in progress, of all readers; later ones return no messages, without waiting. Waits a moment for
     * them to end: Camel checks only once a second whether its consumers still poll.
     */
    public void endPolls() {
        ended.set(true);
        polls.close();
        idlePolls.values().forEach(IdlePolls::end);
    }

    /** Waits until the processed messages are deleted. Call it when the exchanges have ended. */
    public void flush() {
        deletes.flush();
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
        underWay.incrementAndGet();
        try {
            begun.await();
            return receive(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NOTHING;
        } finally {
            underWay.decrementAndGet();
        }
    }

    private ReceiveMessageResponse receive(ReceiveMessageRequest request) {
        IdlePolls idle = idlePolls.computeIfAbsent(request.queueUrl(), url -> new IdlePolls(nanoTime));
        int seconds = request.waitTimeSeconds() == null ? 0 : request.waitTimeSeconds();
        if (ended.get() || !idle.begin(seconds, () -> reading)) {
            return NOTHING;
        }
        try {
            ReceiveMessageResponse left = idle.left();
            ReceiveMessageResponse response =
                    left == null ? polls.receiveMessage(idle.handingOver() ? shorter(request) : request) : left;
            lastPolls.put(request.queueUrl(), new LastPoll(nanoTime.getAsLong(), oldest(response), null));
            boolean leave = !reading && !response.messages().isEmpty();
            idle.ended(response.messages().size(), leave ? response : null);
            return leave ? NOTHING : response;
        } catch (RuntimeException e) {
            idle.failed();
            // A closed client fails with many kinds of exceptions.
            if (!ended.get() && reading) {
                lastPolls.put(request.queueUrl(), new LastPoll(nanoTime.getAsLong(), Duration.ZERO, e));
                failures.get().accept(e);
                throw e;
            }
            return NOTHING;
        }
    }

    /** Messages from a predecessor's poll must not wait for the end of a long poll. */
    private static ReceiveMessageRequest shorter(ReceiveMessageRequest request) {
        return request.toBuilder()
                .waitTimeSeconds(request.waitTimeSeconds() == null ? 0 : Math.min(1, request.waitTimeSeconds()))
                .build();
    }

    /** The result of the last poll of this queue; null before the first. */
    public LastPoll lastPoll(String queueUrl) {
        return lastPolls.get(queueUrl);
    }

    private static Duration oldest(ReceiveMessageResponse response) {
        long now = System.currentTimeMillis();
        return response.messages().stream()
                .map(message -> message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP))
                .filter(Objects::nonNull)
                .map(sent -> Duration.ofMillis(Math.max(0, now - Long.parseLong(sent))))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Queues the message for deletion; the response does not mean that it was deleted. */
    @Override
    public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
        deletes.add(request);
        return DeleteMessageResponse.builder().build();
    }

    @Override
    public ChangeMessageVisibilityResponse changeMessageVisibility(ChangeMessageVisibilityRequest request) {
        return client.changeMessageVisibility(request);
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
            ChangeMessageVisibilityBatchRequest request) {
        return client.changeMessageVisibilityBatch(request);
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
        return client.getQueueAttributes(request);
    }

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
        return client.sendMessage(request);
    }

    @Override
    public SqsServiceClientConfiguration serviceClientConfiguration() {
        return client.serviceClientConfiguration();
    }

    @Override
    public String serviceName() {
        return client.serviceName();
    }

    @Override
    public void close() {
        endPolls();
        deletes.close();
        client.close();
    }
}
