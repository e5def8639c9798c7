package io.ecssteward.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.testing.FaultySqs;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.Sqs;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

class QueueHealthTest {

    private static final String SETTING = "STEWARD_EVENTS_QUEUE_URL";

    /** Far from zero, as System.nanoTime is, and on its negative side, as it may be. */
    private final AtomicLong nanoTime = new AtomicLong(-1_000_000_000_000_000L);

    private final Sqs sqs = new Sqs();
    private final FaultySqs faults = new FaultySqs(sqs);
    private final String queue = sqs.createQueue("events");
    private final BatchingSqsClient steady = new BatchingSqsClient(faults.client(), faults.client(), nanoTime::get);
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ExecutorService consumer = Executors.newSingleThreadExecutor();
    private final QueueHealth health = health(Map.of(SETTING, queue));

    private QueueHealth health(Map<String, String> queues) {
        QueueHealth check = new QueueHealth(steady, queues, nanoTime::get);
        check.setCamelContext(camel);
        return check;
    }

    @AfterEach
    void close() throws IOException {
        consumer.shutdownNow();
        faults.heal();
        steady.close();
        faults.close();
        sqs.close();
        camel.close();
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    private ReceiveMessageResponse poll() {
        return steady.receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(0));
    }

    private void deniedPoll() {
        faults.fail(FaultySqs.RECEIVE, 1, FaultySqs.DENIED);
        assertThatThrownBy(this::poll).isInstanceOf(SqsException.class);
    }

    private void assertReady() {
        HealthCheck.Result result = health.call();
        assertThat(result.getState()).as(result.getMessage().orElse("")).isEqualTo(HealthCheck.State.UP);
    }

    private String assertNotReady() {
        HealthCheck.Result result = health.call();
        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
        return result.getMessage().orElseThrow();
    }

    @Test
    void itIsReadyWhileTheFirstPollIsUnderWay() throws Exception {
        Gate endOfPoll = faults.hold(FaultySqs.RECEIVE, 1);
        Future<ReceiveMessageResponse> poll = consumer.submit(this::poll);
        Awaitility.await().until(() -> faults.calls(FaultySqs.RECEIVE) == 1);
        assertReady();
        assertThat(poll).isNotDone();
        endOfPoll.open();
        assertThat(poll.get().messages()).isEmpty();
    }

    @Test
    void aPollThatEndedSpeaksForTheQueue() {
        poll();
        pass(Duration.ofSeconds(29));
        assertReady();
        assertThat(faults.calls(FaultySqs.ATTRIBUTES)).isZero();
    }

    @Test
    void whoMayNotReceiveIsNotReadyAndTheAnswerSaysWhy() {
        deniedPoll();
        assertThat(assertNotReady())
                .isEqualTo(SETTING + " cannot be read: SQS answered AccessDeniedException: "
                        + "User: arn:aws:sts::111122223333:assumed-role/steward/task is not authorized to "
                        + "perform: sqs:receivemessage");
        // Whoever may ask for its attributes may not be allowed to read it.
        assertThat(faults.calls(FaultySqs.ATTRIBUTES)).isZero();
    }

    @Test
    void theNextPollThatWorksMakesItReadyAgain() {
        deniedPoll();
        assertNotReady();
        poll();
        assertReady();
    }

    @Test
    void itStaysUnreadyWhileEachPollIsDenied() {
        for (int i = 0; i < 10; i++) {
            deniedPoll();
            pass(Duration.ofSeconds(5));
            assertNotReady();
        }
    }

    @Test
    void aFailureThatNoPollRepeatedIsAskedAbout() {
        deniedPoll();
        pass(Duration.ofSeconds(10));
        assertReady();
        assertThat(faults.calls(FaultySqs.ATTRIBUTES)).isEqualTo(1);
    }

    @Test
    void aQueueThatNobodyPolledLatelyIsAskedAbout() {
        poll();
        pass(Duration.ofSeconds(30));
        faults.fail(FaultySqs.ATTRIBUTES, 1, FaultySqs.DENIED);
        assertThat(assertNotReady()).contains("SQS answered AccessDeniedException");
        // The same answer holds for five seconds.
        pass(Duration.ofSeconds(5).minusNanos(1));
        assertNotReady();
        pass(Duration.ofNanos(1));
        assertReady();
        assertThat(faults.calls(FaultySqs.ATTRIBUTES)).isEqualTo(2);
    }

    @Test
    void anAnswerIsAskedForOnceInFiveSeconds() {
        for (int i = 0; i < 50; i++) {
            assertReady();
            pass(Duration.ofMillis(100));
        }
        assertThat(faults.calls(FaultySqs.ATTRIBUTES)).isEqualTo(1);
    }

    @Test
    void aQueueThatIsGoneIsNotReady() {
        sqs.client().deleteQueue(r -> r.queueUrl(queue));
        assertThat(assertNotReady())
                .startsWith(SETTING + " cannot be read: SQS answered")
                .contains("does not exist");
    }

    @Test
    void noAnswerIsNotReadyAndIsNotWaitedForLong() {
        faults.hangUp(FaultySqs.ATTRIBUTES, 1);
        assertThat(assertNotReady()).contains("no answer from SQS");
        pass(Duration.ofSeconds(5));
        faults.hold(FaultySqs.ATTRIBUTES, 1);
        long before = System.nanoTime();
        assertThat(assertNotReady()).contains("no answer from SQS");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void theQueueThatCannotBeReadIsNamed() {
        String urgent = sqs.createQueue("urgent");
        QueueHealth both = health(new TreeMap<>(Map.of(SETTING, queue, "STEWARD_URGENT_QUEUE_URL", urgent)));
        poll();
        sqs.client().deleteQueue(r -> r.queueUrl(urgent));
        assertThat(both.call().getMessage().orElseThrow())
                .startsWith("STEWARD_URGENT_QUEUE_URL cannot be read")
                .doesNotContain(SETTING);
    }

    @Test
    void nobodyIsRestartedForIt() {
        assertThat(health.isLiveness()).isFalse();
        assertThat(health.isReadiness()).isTrue();
    }
}
