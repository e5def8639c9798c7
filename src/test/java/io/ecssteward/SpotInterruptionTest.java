package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fargate Spot takes tasks away: the work of the spot handler, over SQS. */
class SpotInterruptionTest {

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
    void redeploysTheServiceAndTellsSlack() {
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
        assertThat(steward.updates())
                .singleElement()
                .satisfies(call -> assertThat(call.request().toString())
                        .isEqualTo("{\"cluster\":\"prod\",\"service\":\"web\",\"forceNewDeployment\":true}"));
        assertThat(steward.slack.posts()).singleElement().satisfies(post -> {
            assertThat(post.text()).contains("prod/web");
            assertThat(post.body().toString()).contains("A new deployment was started");
        });
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void allTheEventsOfOneTaskLeadToOneRedeploymentAndOneAlert() {
        for (String stage : new String[] {"task-spot-interrupted", "task-spot-deactivating", "task-spot-stopped"}) {
            steward.sendSample(stage);
            steward.sendSample(stage);
        }
        steward.sendSample("task-spot-interrupted-through-sns");
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void theEndOfATaskLongAfterItsInterruptionStartsNoSecondDeployment() {
        steward.stop();
        steward.with("steward.redeploy.cool-down", "1s").start();
        steward.clock.set(Instant.parse("2026-11-16T09:14:06Z"));
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
        RunningSteward.await(() -> steward.claimable("redeploy/arn:aws:ecs:eu-west-1:111122223333:cluster/prod/web"));
        steward.sendSample("task-spot-stopped");
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.over().get(1).skipped()).contains("in-progress");
    }

    @Test
    void aRestartForgetsTheClaimsAndStillRedeploysOnlyOnce() {
        steward.clock.set(Instant.parse("2026-11-20T00:00:00Z"));
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
        steward.stop();
        steward.start();
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.over().get(1).skipped()).contains("in-progress");
    }

    @Test
    void aServiceThatIsGoneIsNoFailure() {
        steward.ecs.removeService("prod", "web");
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
        assertThat(steward.updates()).isEmpty();
        assertThat(steward.over())
                .singleElement()
                .satisfies(o -> assertThat(o.skipped()).containsExactly("service-not-found"));
        assertThat(steward.slack.posts())
                .singleElement()
                .satisfies(post -> assertThat(post.body().toString())
                        .contains("No new deployment was started: service-not-found"));
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void aStandaloneTaskIsOnlyTold() {
        steward.sendSample("task-spot-interrupted-standalone");
        steward.awaitDone();
        assertThat(steward.ecs.calls()).isEmpty();
        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void anEventThatComesAfterTheDeploymentBeganStartsNone() {
        steward.clock.set(Instant.parse("2026-11-20T00:00:00Z"));
        steward.ecs.addService("prod", "checkout").deployment(Duration.ofSeconds(30), "COMPLETED");
        steward.sendSample("task-spot-termination-notice");
        steward.awaitDone();
        assertThat(steward.updates()).isEmpty();
        assertThat(steward.over())
                .singleElement()
                .satisfies(o -> assertThat(o.skipped()).containsExactly("already-deployed"));
        assertThat(steward.slack.posts())
                .singleElement()
                .satisfies(post -> assertThat(post.body().toString())
                        .contains("A deployment that was started after the notice replaces its tasks."));
    }

    @Test
    void ecsIsAskedBeforeItIsChanged() {
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
        assertThat(steward.ecs.calls().stream().map(FakeEcs.Call::operation))
                .containsExactly(FakeEcs.DESCRIBE_SERVICES, FakeEcs.UPDATE_SERVICE);
    }

    @Test
    void whatEcsRefusesIsToldOnceAndDeadLetteredHoweverOftenItIsReplayed() {
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 3, FakeEcs.ACCESS_DENIED);
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
        assertThat(steward.slack.texts()).singleElement().asString().contains("Fargate Spot interrupts prod/web");
        assertThat(steward.slack.posts().get(0).body().toString())
                .contains("ECS refused: redeploying prod/web: ECS answered AccessDeniedException");
        assertThat(steward.deadLetters()).hasSize(1);

        // The cool-down of the alert is over when the dead-letter queue is replayed.
        steward.endCoolDown("slack//firing/spot/arn:aws:ecs:eu-west-1:111122223333:cluster/prod/web/refused");
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
        steward.sendSample("task-spot-deactivating");
        steward.awaitDone();
        assertThat(steward.over()).hasSize(3).allMatch(o -> o.failure() != null);
        assertThat(steward.slack.posts()).hasSize(1);

        steward.sendSample("task-spot-deactivating");
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(4);
        assertThat(steward.slack.posts().get(1).body().toString()).contains("A new deployment was started");
    }
}
