package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.outcome.Action;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing lost and nothing twice: duplicates of an event before, while and after it is processed. */
class DuplicatesTest {

    private final RunningSteward steward = RunningSteward.create();

    @BeforeEach
    void start() {
        steward.ecs.addCluster("prod", 3);
        steward.ecs.addService("prod", "web");
        steward.start();
    }

    @AfterEach
    void close() {
        steward.close();
    }

    @Test
    void aDuplicateWhileTheFirstIsInProgressStaysUntilThatIsDone() throws InterruptedException {
        Gate gate = steward.ecs.hold(FakeEcs.UPDATE_SERVICE, 1);
        steward.sendSample("task-spot-interrupted");
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        steward.sendSample("task-spot-interrupted");
        RunningSteward.await(() -> steward.sqs.counts(steward.queue).inFlight() == 2);
        gate.open();
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.over().get(1).skipped()).containsExactly("duplicate");
    }

    @Test
    void aDuplicateWhileTheFirstIsInProgressDoesItWhenTheFirstFails() throws InterruptedException {
        Gate gate = steward.ecs.hold(FakeEcs.DESCRIBE_SERVICES, 1);
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 4, FakeEcs.SERVER_ERROR);
        steward.sendSample("task-spot-interrupted");
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        steward.sendSample("task-spot-interrupted");
        RunningSteward.await(() -> steward.sqs.counts(steward.queue).inFlight() == 2);
        gate.open();
        steward.awaitDone();
        assertThat(steward.updates())
                .as("four that failed and one that did not")
                .hasSize(5);
        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void aDuplicateAfterTheFirstIsDropped() {
        steward.sendSample("service-start-impaired");
        steward.awaitDone();
        steward.sendSample("service-start-impaired");
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.over().get(1).skipped()).containsExactly("duplicate");
    }

    @Test
    void theSameAlarmWithAndWithoutAnEnvelopeIsOneAlert() {
        String bySns = RunningSteward.sample("alarm-metric-firing-raw");
        steward.send(bySns);
        steward.send(
                "{\"Type\":\"Notification\",\"MessageId\":\"m1\",\"TopicArn\":\"arn:aws:sns:eu-west-1:111122223333:alarms\",\"Message\":"
                        + com.fasterxml.jackson.databind.node.TextNode.valueOf(bySns) + "}");
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void anotherEventAboutTheSameThingIsCountedInItsIncident() {
        String event = RunningSteward.sample("service-start-impaired");
        steward.send(event);
        steward.awaitDone();
        steward.send(event.replaceAll("\"createdAt\": \"[^\"]+\"", "\"createdAt\": \"2026-11-17T23:59:59.000Z\""));
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.over().get(1).eventOutcome().performed())
                .extracting(Action::operation)
                .containsExactly("Count");
    }

    @Test
    void aStaleTaskEventRaisesNoAlert() {
        String stopped = RunningSteward.sample("task-exited-with-error");
        steward.send(stopped.replaceAll("\"version\": (\\d+)\n", "\"version\": 99\n")
                .replace("EssentialContainerExited", "UserInitiated"));
        steward.awaitDone();
        steward.send(stopped);
        steward.awaitDone();
        assertThat(steward.slack.posts()).isEmpty();
        assertThat(steward.over().get(1).skipped()).containsExactly("stale");
    }

    @Test
    void aFloodIsToldWhenToComeBackAndUsesUpNoDeliveries() {
        try (RunningSteward flooded =
                RunningSteward.deliveringAtMost(2).waitingAtMost(2).start()) {
            flooded.slack.next(Answer.tooFast(2));
            for (int i = 0; i < 12; i++) {
                flooded.send("notice " + i);
            }
            flooded.awaitDone();
            assertThat(flooded.slack.texts().stream().distinct()).hasSize(12);
            assertThat(flooded.deadLetters()).isEmpty();
        }
    }

    @Test
    void messagesThatWaitForSlackWhenItStopsAreDeliveredAgain() {
        steward.postingEvery(Duration.ofHours(1));
        steward.sendSample("service-start-impaired");
        RunningSteward.await(() -> steward.slack.posts().size() == 1);
        steward.sendSample("deployment-failed");
        RunningSteward.await(() -> steward.sqs.counts(steward.queue).inFlight() == 1);
        long began = System.nanoTime();
        steward.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("it does not wait for an hour")
                .isLessThan(Duration.ofSeconds(30));
        steward.postingEvery(Duration.ZERO);
        steward.start();
        steward.awaitDone();
        assertThat(steward.slack.texts()).hasSize(2);
    }

    @Test
    void workThatTakesLongerThanTheVisibilityTimeoutIsNotDeliveredAgain() {
        steward.slack.next(Answer.OK.after(Duration.ofSeconds(9)));
        steward.slack.next(Answer.tooFast(3));
        steward.sendSample("service-start-impaired");
        steward.sendSample("deployment-failed");
        steward.awaitDone();
        assertThat(steward.slack.posts()).as("taken, too fast, taken").hasSize(3);
        assertThat(steward.over())
                .as("each was delivered once, though it took more than ten seconds")
                .hasSize(2);
    }
}
