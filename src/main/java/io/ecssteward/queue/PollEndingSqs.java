package io.ecssteward.queue;

import java.util.HashSet;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsServiceClientConfiguration;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * An SQS client whose long polls end when the steward stops. Camel waits for a poll that is under way, which takes up to
 * 20 seconds, and by then a container is killed. Nothing is lost by it: what SQS had already handed out is delivered
 * again when its visibility timeout ends.
 */
public class PollEndingSqs implements SqsClient {

    private final SqsClient client;
    private final Set<Thread> polling = new HashSet<>();
    private boolean ended;

    /** Wraps a client; closing this closes it. */
    public PollEndingSqs(SqsClient client) {
        this.client = client;
    }

    /** Ends the polls under way, and has all later ones return nothing at once. */
    public void endPolls() {
        synchronized (polling) {
            ended = true;
            polling.forEach(Thread::interrupt);
        }
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
        synchronized (polling) {
            if (ended) {
                return ReceiveMessageResponse.builder().build();
            }
            polling.add(Thread.currentThread());
        }
        try {
            return client.receiveMessage(request);
        } catch (SdkClientException e) {
            synchronized (polling) {
                if (ended) {
                    return ReceiveMessageResponse.builder().build();
                }
            }
            throw e;
        } finally {
            synchronized (polling) {
                polling.remove(Thread.currentThread());
                if (ended) {
                    // An interrupt that came too late for the poll must not hit the work on its messages.
                    Thread.interrupted();
                }
            }
        }
    }

    @Override
    public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
        return client.deleteMessage(request);
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
        client.close();
    }
}
