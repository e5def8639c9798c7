package io.ecssteward.queue;

import software.amazon.awssdk.core.exception.SdkClientException;
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
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * An SQS client whose long polls end when the steward stops. Camel waits for a poll that is under way, which takes up to
 * 20 seconds, and by then a container is killed. Polls have a client of their own, because closing it is what ends them:
 * a thread that reads from a socket hears no interrupt. Nothing is lost by it: what SQS had already handed out is
 * delivered again when its visibility timeout ends.
 */
public class PollEndingSqs implements SqsClient {

    private final SqsClient client;
    private final SqsClient polls;
    private volatile boolean ended;

    /**
     * Joins two clients; closing this closes both.
     *
     * @param client for everything else
     * @param polls for receiving
     */
    public PollEndingSqs(SqsClient client, SqsClient polls) {
        this.client = client;
        this.polls = polls;
    }

    /** Ends the polls under way, and has all later ones return nothing at once. */
    public void endPolls() {
        ended = true;
        polls.close();
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
        try {
            if (!ended) {
                return polls.receiveMessage(request);
            }
        } catch (SdkClientException | IllegalStateException e) {
            // A client that is closed says so in either way.
            if (!ended) {
                throw e;
            }
        }
        return ReceiveMessageResponse.builder().build();
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
        client.close();
    }
}
