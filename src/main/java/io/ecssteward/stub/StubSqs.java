package io.ecssteward.stub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** An SQS client that keeps messages to the events queue for {@link #taken()}, and drops all others. */
public final class StubSqs implements SqsClient {
    /**
     * A follow-up that Steward sent to its own queue.
     *
     * @param delay the delay before SQS would deliver it
     */
    public record Message(String body, Duration delay) {}

    private final String events;
    private final List<Message> sent = new ArrayList<>();

    /** Takes the URL of the events queue; messages to other queues are dropped. */
    public StubSqs(String events) {
        this.events = events;
    }

    @Override
    public synchronized SendMessageResponse sendMessage(SendMessageRequest request) {
        if (events.equals(request.queueUrl())) {
            int delay = request.delaySeconds() == null ? 0 : request.delaySeconds();
            sent.add(new Message(request.messageBody(), Duration.ofSeconds(delay)));
        }
        return SendMessageResponse.builder().messageId("message-" + sent.size()).build();
    }

    /** The messages that were sent since the last call, in order. */
    public synchronized List<Message> taken() {
        List<Message> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    @Override
    public String serviceName() {
        return "sqs";
    }

    @Override
    public void close() {}
}
