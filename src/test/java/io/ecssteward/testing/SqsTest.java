package io.ecssteward.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Sqs.Counts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class SqsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Counts EMPTY = new Counts(0, 0, 0);

    private final Sqs sqs = new Sqs();

    @AfterEach
    void close() {
        sqs.close();
    }

    private List<Message> receive(String queueUrl) {
        return sqs.client()
                .receiveMessage(request -> request.queueUrl(queueUrl))
                .messages();
    }

    private void giveBack(String queueUrl, Message message) {
        sqs.client()
                .changeMessageVisibility(request -> request.queueUrl(queueUrl)
                        .receiptHandle(message.receiptHandle())
                        .visibilityTimeout(0));
    }

    @Test
    void sendsAndReceives() {
        String events = sqs.createQueue("events");
        String id = sqs.send(events, "{\"a\":\"é\"}", Map.of("reason", "not-json", "attempt", "2"));

        // ElasticMQ counts a message that was sent within the same millisecond as delayed.
        sqs.awaitCounts(events, new Counts(1, 0, 0), Duration.ofSeconds(10));
        assertThat(sqs.receiveAll(events)).singleElement().satisfies(message -> {
            assertThat(message.messageId()).isEqualTo(id);
            assertThat(message.body()).isEqualTo("{\"a\":\"é\"}");
            assertThat(message.messageAttributes().get("reason").stringValue()).isEqualTo("not-json");
            assertThat(message.messageAttributes().get("attempt").stringValue()).isEqualTo("2");
            assertThat(message.attributes()).containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
            assertThat(message.attributes()).containsKey(MessageSystemAttributeName.SENT_TIMESTAMP);
        });
        assertThat(sqs.counts(events)).isEqualTo(EMPTY);
    }

    @Test
    void receivesMoreThanTen() {
        String events = sqs.createQueue("events");
        IntStream.range(0, 25).forEach(i -> sqs.send(events, "message " + i));

        assertThat(sqs.receiveAll(events))
                .extracting(Message::body)
                .doesNotHaveDuplicates()
                .hasSize(25);
    }

    @Test
    void givesEachQueueAName() {
        String first = sqs.createQueue("events");
        String second = sqs.createQueue("events");
        sqs.send(first, "one");

        assertThat(second).isNotEqualTo(first);
        assertThat(sqs.counts(second)).isEqualTo(EMPTY);
        assertThat(first).startsWith(sqs.endpoint().toString());
        assertThat(sqs.arn(first)).matches("arn:aws:sqs:eu-west-1:111122223333:events-[0-9a-f]{8}");
    }

    @Test
    void makesMessagesVisibleAgain() {
        String dead = sqs.createQueue("dead");
        String events = sqs.createQueue("events", 1, 5, dead);
        sqs.send(events, "one");

        assertThat(receive(events)).hasSize(1);
        assertThat(sqs.counts(events)).isEqualTo(new Counts(0, 1, 0));
        assertThat(receive(events)).isEmpty();
        sqs.awaitCounts(events, new Counts(1, 0, 0), SOON);

        assertThat(sqs.receiveAll(events))
                .singleElement()
                .satisfies(message -> assertThat(message.attributes())
                        .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2"));
    }

    @Test
    void movesWhatWasReceivedTooOftenToTheDeadLetterQueue() {
        String dead = sqs.createQueue("dead");
        String events = sqs.createQueue("events", 30, 2, dead);
        sqs.send(events, "poison", Map.of("reason", "kept"));

        for (int i = 0; i < 2; i++) {
            giveBack(events, receive(events).get(0));
        }
        assertThat(receive(events)).isEmpty();

        sqs.awaitEmpty(events, SOON);
        assertThat(sqs.receiveAll(dead)).singleElement().satisfies(message -> {
            assertThat(message.body()).isEqualTo("poison");
            assertThat(message.messageAttributes().get("reason").stringValue()).isEqualTo("kept");
        });
    }

    @Test
    void delays() {
        String events = sqs.createQueue("events");
        sqs.sendDelayed(events, "later", Duration.ofSeconds(1));

        assertThat(sqs.counts(events)).isEqualTo(new Counts(0, 0, 1));
        assertThat(sqs.receiveAll(events)).isEmpty();
        sqs.awaitCounts(events, new Counts(1, 0, 0), SOON);
        assertThat(sqs.receiveAll(events)).extracting(Message::body).containsExactly("later");
    }

    @Test
    void keepsTheOrderOfAGroup() {
        String alerts = sqs.createFifo("alerts.fifo");
        sqs.sendFifo(alerts, "firing", "ops", "1", Map.of());
        sqs.sendFifo(alerts, "resolved", "ops", "2", Map.of());
        sqs.sendFifo(alerts, "firing", "ops", "1", Map.of());

        assertThat(alerts).endsWith(".fifo");
        assertThat(receive(alerts)).extracting(Message::body).containsExactly("firing");
        assertThat(receive(alerts))
                .as("the group is locked while one is in flight")
                .isEmpty();
        assertThat(sqs.counts(alerts).total()).isEqualTo(2);
    }

    @Test
    void receivesAFifoQueueInOrder() {
        String dead = sqs.createFifo("dead");
        String alerts = sqs.createFifo("alerts", 30, 3, dead);
        IntStream.range(0, 15).forEach(i -> sqs.sendFifo(alerts, "m" + i, "ops", "d" + i, Map.of("n", "" + i)));

        assertThat(sqs.receiveAll(alerts))
                .extracting(Message::body)
                .containsExactlyElementsOf(
                        IntStream.range(0, 15).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void awaitsTheEnd() {
        String events = sqs.createQueue("events");
        sqs.send(events, "one");
        Message message = receive(events).get(0);
        sqs.client().deleteMessage(request -> request.queueUrl(events).receiptHandle(message.receiptHandle()));

        sqs.awaitEmpty(events, SOON);
        assertThat(sqs.counts(events)).isEqualTo(EMPTY);
    }
}
