package io.ecssteward.stub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** An SQS client that keeps what is sent to the events queue for {@link #taken()}, and drops the rest. */
public final class StubSqs implements SqsClient {
    /**
     * A message that the steward sent to its own queue, to follow up on an event.
     *
     * @param delay how long SQS would hold it back
     */
    public record Message(String body, Duration delay) {}

    private final String events;
    private final List<Message> sent = new ArrayList<>();

    /** With the URL of the queue of the events; what is sent elsewhere is dead. */
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

    /** What was sent since the last time, in order. */
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
