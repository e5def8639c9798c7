package io.ecssteward.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.RequestLog;
import io.ecssteward.testing.Sqs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** Over the SDK, against ElasticMQ. */
class BatchingSqsClientTest {

    private final Sqs sqs = new Sqs();
    private final RequestLog requests = new RequestLog();
    private final BatchingSqsClient steady = new BatchingSqsClient(Sqs.newClient(requests), Sqs.newClient(requests));
    private final String queue = sqs.createQueue("events");
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final ExecutorService consumers = Executors.newFixedThreadPool(4, work -> {
        Thread thread = new Thread(work);
        threads.add(thread);
        return thread;
    });

    @AfterEach
    void close() {
        consumers.shutdownNow();
        steady.close();
        sqs.close();
    }

    private List<Message> receive(int waitSeconds) {
        return receive(steady, waitSeconds);
    }

    private List<Message> receive(BatchingSqsClient reader, int waitSeconds) {
        return reader.receiveMessage(
                        r -> r.queueUrl(queue).maxNumberOfMessages(10).waitTimeSeconds(waitSeconds))
                .messages();
    }

    @Test
    void messagesAreDeletedTogetherAndBeforeTheFlushReturns() {
        for (int i = 0; i < 7; i++) {
            sqs.send(queue, "message " + i);
        }
        receive(1).forEach(m -> steady.deleteMessage(r -> r.queueUrl(queue).receiptHandle(m.receiptHandle())));
        steady.flush();

        assertThat(sqs.counts(queue).total()).isZero();
        assertThat(requests.of(DeleteMessageBatchRequest.class))
                .singleElement()
                .satisfies(r -> assertThat(r.entries()).hasSize(7));
    }

    @Test
    void theAgeOfAPollIsThatOfItsOldestMessage() {
        SqsClient old = new SqsClient() {
            @Override
            public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
                return ReceiveMessageResponse.builder()
                        .messages(message(60), message(300), Message.builder().build())
                        .build();
            }

            private Message message(int seconds) {
                return Message.builder()
                        .attributes(Map.of(
                                MessageSystemAttributeName.SENT_TIMESTAMP,
                                Long.toString(System.currentTimeMillis() - 1_000L * seconds)))
                        .build();
            }

            @Override
            public String serviceName() {
                return "sqs";
            }

            @Override
            public void close() {}
        };
        try (BatchingSqsClient polling = new BatchingSqsClient(old, old)) {
            polling.receiveMessage(r -> r.queueUrl(queue));
            assertThat(polling.lastPoll(queue).oldest()).isBetween(Duration.ofSeconds(300), Duration.ofSeconds(360));
        }
    }

    @Test
    void closingDeletesWhatIsDone() {
        sqs.send(queue, "message");
        receive(1).forEach(m -> steady.deleteMessage(r -> r.queueUrl(queue).receiptHandle(m.receiptHandle())));
        steady.close();

        assertThat(sqs.counts(queue).total()).isZero();
    }

    @Test
    void onePollIsUnderWayWhileNothingComes() throws Exception {
        Callable<List<Message>> poll = () -> receive(1);
        for (Future<List<Message>> polled : consumers.invokeAll(List.of(poll, poll, poll, poll))) {
            assertThat(polled.get()).isEmpty();
        }
        assertThat(requests.of(ReceiveMessageRequest.class)).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void moreAreUnderWayWhenSomethingComes() throws Exception {
        for (int i = 0; i < 40; i++) {
            sqs.send(queue, "message " + i);
        }
        Callable<List<Message>> poll = () -> receive(20);
        List<Future<List<Message>>> polled = consumers.invokeAll(List.of(poll, poll, poll, poll));
        assertThat(polled.stream().flatMap(f -> {
                    try {
                        return f.get().stream();
                    } catch (Exception e) {
                        return Stream.of();
                    }
                }))
                .hasSize(40);
    }

    @Test
    void pollsThatWaitTheirTurnEndWhenTheStewardStops() throws Exception {
        Callable<List<Message>> poll = () -> receive(20);
        List<Future<List<Message>>> polled =
                Stream.generate(() -> poll).limit(4).map(consumers::submit).toList();
        Awaitility.await()
                .until(() -> requests.of(ReceiveMessageRequest.class).size() == 1
                        && threads.stream()
                                        .filter(t -> t.getState() == Thread.State.TIMED_WAITING
                                                || t.getState() == Thread.State.WAITING)
                                        .count()
                                >= 3);
        steady.endPolls();
        for (Future<List<Message>> ended : polled) {
            assertThat(ended.get(5, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void theEndWaitsForAPollThatIsBrokenOff() throws Exception {
        IdlePolls polls = new IdlePolls(System::nanoTime);
        assertThat(polls.begin(1, () -> true)).isTrue();
        Future<?> end = consumers.submit(polls::end);
        // It lets everybody poll first.
        assertThat(polls.begin(20, () -> true)).isTrue();
        polls.failed();
        assertThat(end.isDone()).isFalse();
        polls.failed();
        end.get(5, TimeUnit.SECONDS);
    }

    @Test
    void aSuccessorReceivesNothingBeforeItsTurn() throws Exception {
        BatchingSqsClient successor = steady.successor();
        Future<List<Message>> waiting = consumers.submit(() -> receive(successor, 1));
        sqs.send(queue, "one");
        assertThat(receive(1)).hasSize(1);
        assertThat(waiting.isDone()).isFalse();
        sqs.send(queue, "two");
        steady.handOver(successor);
        assertThat(waiting.get(5, TimeUnit.SECONDS)).extracting(Message::body).containsExactly("two");
        assertThat(receive(1)).isEmpty();
    }

    @Test
    void whatAPollBringsAfterwardsGoesToTheSuccessor() throws Exception {
        Future<List<Message>> before = consumers.submit(() -> receive(20));
        while (requests.of(ReceiveMessageRequest.class).isEmpty()) {
            Thread.onSpinWait();
        }
        BatchingSqsClient successor = steady.successor();
        Future<List<Message>> after = consumers.submit(() -> receive(successor, 20));
        steady.handOver(successor);
        assertThat(steady.polling()).isTrue();
        sqs.send(queue, "message");
        assertThat(after.get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(before.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(steady.polling()).isFalse();
        // While nothing came it asked nothing by itself.
        assertThat(requests.of(ReceiveMessageRequest.class)).hasSize(1);
    }

    @Test
    void aPollOfItsOwnIsShortWhileOneOfAPredecessorsMayBringSomething() throws Exception {
        sqs.send(queue, "one");
        assertThat(receive(1)).hasSize(1);
        // What came lets two poll at a time.
        Future<List<Message>> before = consumers.submit(() -> receive(20));
        while (requests.of(ReceiveMessageRequest.class).size() < 2) {
            Thread.onSpinWait();
        }
        BatchingSqsClient successor = steady.successor();
        steady.handOver(successor);
        assertThat(receive(successor, 20)).isEmpty();
        assertThat(requests.of(ReceiveMessageRequest.class))
                .extracting(ReceiveMessageRequest::waitTimeSeconds)
                .containsExactly(1, 20, 1);
        sqs.send(queue, "two");
        assertThat(receive(successor, 20)).hasSize(1);
        assertThat(before.get(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void whatNobodyTookIsLeftToSqs() {
        AtomicLong nanos = new AtomicLong();
        IdlePolls polls = new IdlePolls(nanos::get);
        ReceiveMessageResponse brought = ReceiveMessageResponse.builder()
                .messages(m -> m.body("message"))
                .build();
        assertThat(polls.begin(1, () -> true)).isTrue();
        polls.ended(1, brought);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(4));
        assertThat(polls.begin(1, () -> true)).isTrue();
        assertThat(polls.left()).isSameAs(brought);
        polls.ended(1, brought);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(2));
        assertThat(polls.begin(1, () -> true)).isTrue();
        assertThat(polls.left()).isNull();
    }
}
