package io.ecssteward.testing;

import io.ecssteward.testing.FaultyEcsClient.Calls;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsServiceClientConfiguration;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** A queue whose time stands still until a test moves it. */
final class StepQueue {

    static final String SEND_MESSAGE = "SendMessage";

    private final ManualClock clock;
    private final List<Message> messages = new ArrayList<>();
    private final Map<Instant, List<Runnable>> timers = new HashMap<>();

    /** A message in the queue. */
    static final class Message {
        final String body;
        private Instant visible;
        private boolean inFlight;
        private boolean handled;

        private Message(String body, Instant visible) {
            this.body = body;
            this.visible = visible;
        }
    }

    StepQueue(ManualClock clock) {
        this.clock = clock;
    }

    /** Puts a message into the queue, to be seen after a while. */
    synchronized void send(String body, Duration delay) {
        messages.add(new Message(body, clock.instant().plus(delay)));
    }

    /** The messages that can be received now. */
    synchronized List<Message> visible() {
        return waiting().filter(m -> !m.visible.isAfter(clock.instant())).toList();
    }

    private Stream<Message> waiting() {
        return messages.stream().filter(m -> !m.inFlight);
    }

    /** When the next message can be received, unless all are in flight. */
    synchronized Optional<Instant> next() {
        return waiting().map(m -> m.visible).min(Comparator.naturalOrder());
    }

    /** Hides a message until it is deleted or returned. */
    synchronized void receive(Message message) {
        message.inFlight = true;
    }

    /** Removes a message that was handled. */
    synchronized void delete(Message message) {
        messages.remove(message);
    }

    /** Takes note that a message was handled, for {@link #waits}. */
    synchronized void handled(Message message) {
        message.handled = true;
    }

    /** Has a message be seen again after a while. */
    synchronized void giveBack(Message message, Duration delay) {
        message.inFlight = false;
        message.visible = clock.instant().plus(delay);
    }

    /** Whether a message with these words waits that nobody has handled. */
    synchronized boolean waits(String words) {
        return waiting().anyMatch(m -> !m.handled && m.body.contains(words));
    }

    synchronized List<String> bodies() {
        return messages.stream().map(m -> m.body).toList();
    }

    synchronized void clear() {
        messages.clear();
        timers.clear();
    }

    /** Has something happen after a while. */
    void after(Duration delay, List<Runnable> tasks) {
        timers.computeIfAbsent(clock.instant().plus(delay), i -> new ArrayList<>())
                .addAll(tasks);
    }

    /** Lets time go by. */
    void pass(Duration time) {
        Instant until = clock.instant().plus(time);
        timers.keySet().stream()
                .filter(i -> !i.isAfter(until))
                .sorted()
                .toList()
                .forEach(instant -> {
                    clock.set(instant);
                    timers.remove(instant).forEach(Runnable::run);
                });
        clock.set(until);
    }

    /** The queue as a replica sees it: it sends follow-ups, which come when their delay is over. */
    SqsClient client(Calls calls) {
        return new SqsClient() {
            @Override
            public SendMessageResponse sendMessage(SendMessageRequest request) {
                return calls.call(SEND_MESSAGE, () -> {
                    send(request.messageBody(), Duration.ofSeconds(request.delaySeconds()));
                    return SendMessageResponse.builder().messageId("follow-up").build();
                });
            }

            @Override
            public SqsServiceClientConfiguration serviceClientConfiguration() {
                return null;
            }

            @Override
            public String serviceName() {
                return "sqs";
            }

            @Override
            public void close() {}
        };
    }
}
