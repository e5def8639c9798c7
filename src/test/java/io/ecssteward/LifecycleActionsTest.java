package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.event.FollowUp;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeAutoScaling;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.RunningSteward;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Auto Scaling terminates a host, and its tasks move first: from the message to Auto Scaling, ECS and the queue. */
class LifecycleActionsTest {

    private static final String SAMPLE = "autoscaling-terminating-host";
    private static final String EC2 = "i-0c1a9bcaf444746de";
    private static final String TOKEN = "0b6f3f1c-9d52-4c55-8f0e-2f7a1a4f6c3d";

    private final RunningSteward steward = RunningSteward.create();
    private final FakeAutoScaling scaling = new FakeAutoScaling(Clock.systemUTC());

    @BeforeEach
    void begin() {
        steward.ecs.addCluster("prod", 2);
        steward.ecs.addContainerInstance("prod", "a1", true, "ACTIVE", 7);
        steward.ecs.setEc2InstanceId("prod", "a1", EC2);
        steward.ecs.addService("prod", "web");
        steward.ecs.addTask("prod", "a1", "1", "web");
        scaling.hook("drain-hosts", Duration.ofHours(1), Duration.ofHours(48));
        scaling.terminate("drain-hosts", TOKEN, EC2);
        steward.with("steward.hosts.lifecycle-hooks", "drain-*").binding("lifecycleHooks", scaling.hooks());
    }

    @AfterEach
    void close() {
        steward.close();
        scaling.close();
    }

    /** The sample, as if it came just now. */
    private static String event() {
        return RunningSteward.sample(SAMPLE)
                .replace(
                        "2026-11-20T10:06:10Z",
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private long followUps() {
        return steward.over().stream()
                .flatMap(over -> over.eventOutcome().performed().stream())
                .filter(action -> action.sink().equals("sqs"))
                .count();
    }

    @Test
    void copiesAndANewProcessBeginOneChainThatEndsWhenTheTasksHaveMoved() {
        steward.start();
        String event = event();
        steward.send(event);
        steward.send(event);
        RunningSteward.await(() -> steward.over().size() >= 2);
        assertThat(steward.ecs.done(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE)).hasSize(1);
        assertThat(followUps()).isEqualTo(1);
        assertThat(scaling.waits(TOKEN)).isTrue();

        steward.ecs.removeTask("prod", "1");
        steward.send(FollowUp.message("host", Events.read(event), Instant.now()));
        RunningSteward.await(() -> steward.over().size() >= 3);
        assertThat(scaling.completed()).hasSize(1);
        assertThat(followUps()).isEqualTo(1);
        assertThat(steward.ecs.done(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE)).hasSize(1);
        assertThat(steward.slack.posts()).isEmpty();
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void tasksThatAreLeftWhenTheTimeIsNearlyOverAreTold() {
        steward.start();
        // The sample is days old, and the hook of this fake still waits.
        steward.send(RunningSteward.sample(SAMPLE).replace("2026-11-20", "2026-01-20"));
        steward.awaitDone();
        assertThat(scaling.completed()).hasSize(1);
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.slack.posts().get(0).body().toString())
                .contains("Auto Scaling terminates " + EC2 + " of prod-hosts", "web (1 task) still runs on it");
    }

    @Test
    void aTaskThatRunsOnForAnHourIsToldAndWaitedFor() {
        steward.start();
        String hourAgo = Instant.now()
                .minusSeconds(3_610)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        steward.send(RunningSteward.sample(SAMPLE).replace("2026-11-20T10:06:10Z", hourAgo));
        RunningSteward.await(() -> !steward.over().isEmpty());
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(told()).contains("has waited for an hour, because web (1 task) still runs on it");
        assertThat(followUps()).isEqualTo(1);
    }

    @Test
    void aRefusalIsToldCountedAndDeadLettered() {
        steward.observed();
        scaling.fail(FakeAutoScaling.DESCRIBE, 1, FakeAutoScaling.ACCESS_DENIED);
        steward.start();
        steward.send(event());
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.slack.posts().get(0).body().toString())
                .contains("AWS refused: describing the lifecycle hook");
        assertThat(steward.onlyReason()).contains("Auto Scaling answered AccessDenied");
        assertThat(steward.observe("metrics").body())
                .contains(
                        "steward_failures_total{reason=\"permanent\",sink=\"autoscaling\"} 1.0",
                        "steward_failures_total{reason=\"permanent\",sink=\"ecs\"} 0.0");
    }

    @Test
    void withoutAHookInTheSettingsNothingIsAsked() {
        steward.with("steward.hosts.lifecycle-hooks", "").start();
        steward.send(event());
        steward.awaitDone();
        assertThat(steward.over().get(0).skipped()).containsExactly("other-hook");
        assertThat(steward.ecs.calls()).isEmpty();
        assertThat(scaling.calls()).isEmpty();
    }

    @Test
    void aChainOutlivesEcsForHowLongeverItFails() {
        steward.with("steward.retry.delay", "1").start();
        steward.ecs.fail(FakeEcs.LIST_TASKS, 999, FakeEcs.SERVER_ERROR);
        steward.send(event());
        RunningSteward.await(() -> !steward.over().isEmpty());
        assertThat(steward.over().get(0).failure()).isNull();
        assertThat(followUps()).isEqualTo(1);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void tasksThatAreLeftWhenTheActionIsOverAreTold() {
        steward.ecs.addContainerInstance("prod", "a1", true, "DRAINING", 8);
        steward.ecs.setEc2InstanceId("prod", "a1", EC2);
        scaling.hook("drain-hosts", Duration.ZERO, Duration.ZERO);
        scaling.terminate("drain-hosts", TOKEN, EC2);
        steward.start();
        steward.send(event());
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.slack.posts().get(0).body().toString())
                .contains("Its lifecycle action is over, and web (1 task) still runs on it");
    }

    private static final String AWAY = "8e59995608f14e0e7a13a234d71827ac";

    /** An agent that has been away for 21 minutes, on a host with a task. */
    private void anAgentStaysAway() {
        steward.ecs.addContainerInstance("prod", AWAY, false, "ACTIVE", 88);
        steward.ecs.addContainerInstance("prod", "b2", true, "ACTIVE", 3);
        steward.ecs.addTask("prod", AWAY, "2", "web");
        steward.with("steward.agent.drain-after", "20m").postingWithAToken();
        steward.start();
        Instant away = Instant.now().minus(Duration.ofMinutes(21)).truncatedTo(ChronoUnit.SECONDS);
        steward.send(RunningSteward.sample("follow-up-agent").replace("2026-11-18T03:12:40Z", away.toString()));
        steward.awaitDone();
    }

    private void instance(String status, int version) {
        int before = steward.over().size();
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        steward.send("""
                {"version": "0", "id": "e%1$d", "detail-type": "ECS Container Instance State Change",
                 "source": "aws.ecs", "account": "111122223333", "time": "%2$s", "region": "eu-west-1",
                 "detail": {"agentConnected": false, "status": "%3$s", "version": %1$d, "updatedAt": "%2$s",
                            "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
                            "containerInstanceArn": "arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/%4$s"}}
                """.formatted(version, now, status, AWAY));
        RunningSteward.await(() -> steward.over().size() > before);
    }

    private String told() {
        return steward.slack.posts().toString() + steward.slack.edits();
    }

    @Test
    void thatWeDrainedAHostDoesNotEndItsIncident() {
        anAgentStaysAway();
        assertThat(steward.ecs.done(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE)).hasSize(1);
        instance("DRAINING", 89);
        assertThat(told()).contains("was set to DRAINING").doesNotContain("RESOLVED");
        steward.ecs.removeContainerInstance("prod", AWAY);
        instance("INACTIVE", 90);
        assertThat(told()).contains("[RESOLVED]");
    }

    @Test
    void thatEcsRefusesToDrainAnAgentsHostIsTold() {
        steward.ecs.fail(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE, 1, FakeEcs.ACCESS_DENIED);
        anAgentStaysAway();
        assertThat(told()).contains("was not set to DRAINING");
        assertThat(steward.onlyReason()).contains("draining prod/" + AWAY);
    }

    @Test
    void anAgentThatStaysAwayIsDrainedAfterItsAlert() {
        steward.ecs.addContainerInstance("prod", AWAY, false, "ACTIVE", 88);
        steward.ecs.addContainerInstance("prod", "b2", true, "ACTIVE", 3);
        steward.ecs.addTask("prod", AWAY, "2", "web");
        steward.with("steward.agent.drain-after", "20m").start();
        Instant away = Instant.now().minus(Duration.ofMinutes(21)).truncatedTo(ChronoUnit.SECONDS);
        steward.send(RunningSteward.sample("follow-up-agent").replace("2026-11-18T03:12:40Z", away.toString()));
        steward.awaitDone();
        assertThat(steward.ecs.done(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE)).hasSize(1);
        assertThat(steward.slack.posts())
                .extracting(post -> post.body().toString())
                .anySatisfy(post -> assertThat(post).contains("was set to DRAINING", "disconnected for 21 minutes"));
    }
}
