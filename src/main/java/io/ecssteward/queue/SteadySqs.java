package io.ecssteward.queue;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
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
 * thread that reads from a socket hears no interrupt. Nothing is lost by it: what SQS had already handed out is delivered
 * again when its visibility timeout ends.
 *
 * <p><b>One poll is under way while nothing comes</b>, however many consumers there are ({@link IdlePolls}).
 *
 * <p><b>Messages are deleted in batches</b> and not when the call returns ({@link DeleteBatches}). A crash brings back
 * those that were not deleted yet.
 */
public class SteadySqs implements SqsClient {

    private final SqsClient client;
    private final SqsClient polls;
    private final LongSupplier nanoTime;
    private final DeleteBatches deletes;
    private final Map<String, IdlePolls> idlePolls = new ConcurrentHashMap<>();
    private final Map<String, LastPoll> lastPolls = new ConcurrentHashMap<>();
    private volatile Consumer<RuntimeException> failures = failure -> {};
    private volatile boolean ended;

    /**
     * Joins two clients; closing this closes both.
     *
     * @param client for everything else
     * @param polls for receiving
     */
    public SteadySqs(SqsClient client, SqsClient polls) {
        this(client, polls, System::nanoTime);
    }

    SteadySqs(SqsClient client, SqsClient polls, LongSupplier nanoTime) {
        this.client = client;
        this.polls = polls;
        this.nanoTime = nanoTime;
        deletes = new DeleteBatches(client, failure -> failures.accept(failure));
    }

    /** Has polls and deletions that fail told to this, from now on: what else is asked of SQS, its callers hear of. */
    public void tellFailures(Consumer<RuntimeException> listener) {
        failures = listener;
    }

    /** Ends the polls under way, and has all later ones return nothing at once. */
    public void endPolls() {
        ended = true;
        polls.close();
        idlePolls.values().forEach(IdlePolls::open);
    }

    /** Waits until the messages that are done are deleted: when the exchanges have ended. */
    public void flush() {
        deletes.flush();
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
        IdlePolls idle = idlePolls.computeIfAbsent(request.queueUrl(), url -> new IdlePolls());
        if (ended || !idle.begin(request.waitTimeSeconds() == null ? 0 : request.waitTimeSeconds())) {
            return ReceiveMessageResponse.builder().build();
        }
        try {
            ReceiveMessageResponse response = polls.receiveMessage(request);
            idle.ended(response.messages().size());
            lastPolls.put(request.queueUrl(), new LastPoll(nanoTime.getAsLong(), oldest(response), null));
            return response;
        } catch (RuntimeException e) {
            idle.failed();
            // A client that is closed says so in many ways.
            if (!ended) {
                lastPolls.put(request.queueUrl(), new LastPoll(nanoTime.getAsLong(), Duration.ZERO, e));
                failures.accept(e);
                throw e;
            }
            return ReceiveMessageResponse.builder().build();
        }
    }

    /** What the last poll of this queue came to; null when none has ended yet. */
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
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(ChangeMessageVisibilityBatchRequest request) {
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
