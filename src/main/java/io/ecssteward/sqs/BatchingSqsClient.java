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
 * An SQS client for Camel's consumer, which costs few requests and stops at once.
 *
 * <p><b>Its long polls end when the steward stops.</b> Camel waits for a poll that is under way, which takes up to 20
 * seconds, and by then a container is killed. Polls have a client of their own, because closing it is what ends them: a
 * thread that reads from a socket hears no interrupt. Nothing is lost by it: what SQS had already handed out is
 * delivered again when its visibility timeout ends.
 *
 * <p><b>One poll is under way while nothing comes</b>, however many consumers there are ({@link IdlePolls}).
 *
 * <p><b>Messages are deleted in batches</b> and not when the call returns ({@link DeleteBatches}). A crash brings back
 * those that were not deleted yet.
 *
 * <p><b>One reader can follow another</b> without a message being lost between them: when routes are replaced while the
 * steward runs, the new ones read through a {@link #successor}. Polls that were under way are not broken off, which
 * could take up to 20 seconds to show; what they bring goes to the successor.
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

    /** Of this reader. */
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

    /** Sets the listener to polls and deletions that fail; callers get the failures of other calls themselves. */
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

    /** Whether a poll that this reader began has not ended yet. */
    public boolean polling() {
        return underWay.get() > 0;
    }

    /**
     * Ends the polls in progress, of all readers; later ones return nothing at once. Waits a moment for them: Camel
     * looks once a second whether its consumers still poll.
     */
    public void endPolls() {
        ended.set(true);
        polls.close();
        idlePolls.values().forEach(IdlePolls::end);
    }

    /** Waits until the messages that are done are deleted: when the exchanges have ended. */
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
            // A client that is closed says so in many ways.
            if (!ended.get() && reading) {
                lastPolls.put(request.queueUrl(), new LastPoll(nanoTime.getAsLong(), Duration.ZERO, e));
                failures.get().accept(e);
                throw e;
            }
            return NOTHING;
        }
    }

    /** What a predecessor's poll brings must not wait for the end of a long one. */
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

    /** Has the message deleted soon; the answer says nothing about whether it was. */
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
