package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.RunningSteward;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Container instances come and go, and their agents lose and find their connection, over SQS. */
class ContainerInstancesTest {

    private static final String INSTANCE = "8e59995608f14e0e7a13a234d71827ac";

    private final RunningSteward steward = RunningSteward.create()
            .with(
                    "steward.one-per-instance.services", "logging-agent",
                    "steward.one-per-instance.window", "1",
                    "steward.agent.grace-period", "1");

    @BeforeEach
    void start() {
        steward.ecs.addCluster("prod", 3);
        steward.ecs.addService("prod", "logging-agent").desiredCount(2);
        steward.start();
    }

    @AfterEach
    void close() {
        steward.close();
    }

    @Test
    void aServiceGetsAsManyTasksAsThereAreInstancesInThreeCalls() {
        steward.sendSample("container-instance-registered");
        RunningSteward.await(() -> steward.updates().size() == 1);
        assertThat(steward.ecs.calls().stream().map(FakeEcs.Call::operation))
                .containsExactlyInAnyOrder(
                        FakeEcs.LIST_CONTAINER_INSTANCES, FakeEcs.DESCRIBE_SERVICES, FakeEcs.UPDATE_SERVICE);
        assertThat(steward.updates().get(0).request().path("desiredCount").asInt())
                .isEqualTo(3);
        steward.awaitDone();
        assertThat(steward.updates())
                .as("the second look finds it at its count")
                .hasSize(1);
    }

    @Test
    void aBurstOfInstancesEndsRightWithAtMostTwoUpdates() {
        // Long enough for a slow machine to send the burst within it.
        steward.stop();
        steward.with("steward.one-per-instance.window", "5").start();
        String event = RunningSteward.sample("container-instance-registered");
        for (int i = 1; i <= 10; i++) {
            steward.ecs.setInstances("prod", 3 + i);
            steward.send(event.replaceAll("container-instance/prod/\\w+", "container-instance/prod/instance" + i));
        }
        steward.awaitDone();
        assertThat(steward.updates()).hasSizeBetween(1, 2);
        assertThat(steward.updates()
                        .get(steward.updates().size() - 1)
                        .request()
                        .path("desiredCount")
                        .asInt())
                .isEqualTo(13);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void instancesThatComeDuringTheWindowAreCountedAtItsEnd() {
        steward.sendSample("container-instance-registered");
        RunningSteward.await(() -> steward.updates().size() == 1);
        steward.ecs.setInstances("prod", 7);
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(2);
        assertThat(steward.updates().get(1).request().path("desiredCount").asInt())
                .isEqualTo(7);
    }

    @Test
    void aClusterWithoutTheServiceIsLeftAlone() {
        steward.ecs.removeService("prod", "logging-agent");
        steward.sendSample("container-instance-registered");
        steward.awaitDone();
        assertThat(steward.updates()).isEmpty();
        assertThat(steward.over().get(0).skipped()).contains("not-in-cluster");
    }

    @Test
    void anAgentThatStaysAwayIsToldOnceAndResolvedWhenItIsBack() {
        steward.ecs.addContainerInstance("prod", INSTANCE, false, "ACTIVE", 14);
        steward.sendSample("container-instance-agent-disconnected");
        steward.sendSample("container-instance-agent-disconnected");
        steward.awaitDone();
        assertThat(steward.slack.posts())
                .singleElement()
                .satisfies(post -> assertThat(post.text()).contains("is disconnected"));
        steward.ecs.addContainerInstance("prod", INSTANCE, true, "ACTIVE", 15);
        steward.sendSample("container-instance-agent-connected");
        steward.awaitDone();
        steward.sendSample("container-instance-agent-connected");
        steward.awaitDone();
        assertThat(steward.slack.texts()).hasSize(2);
        assertThat(steward.slack.texts().get(1)).startsWith("[RESOLVED] ECS agent on ");
    }

    @Test
    void anAgentThatReconnectsInTimeIsNotWorthAWord() {
        steward.ecs.addContainerInstance("prod", INSTANCE, true, "ACTIVE", 15);
        steward.sendSample("container-instance-agent-disconnected");
        steward.awaitDone();
        assertThat(steward.slack.posts()).isEmpty();
        assertThat(steward.over().stream().flatMap(o -> o.skipped().stream())).contains("no-incident");
    }

    @Test
    void aDisconnectionThatComesAfterTheReconnectionIsStale() {
        steward.ecs.addContainerInstance("prod", INSTANCE, false, "ACTIVE", 14);
        steward.sendSample("container-instance-agent-connected");
        steward.awaitDone();
        steward.over().clear();
        steward.sendSample("container-instance-agent-disconnected");
        steward.awaitDone();
        assertThat(steward.slack.posts()).isEmpty();
        assertThat(steward.over().get(0).skipped()).contains("stale");
    }

    @Test
    void anInstanceThatDrainsLosesItsAgentWithoutAWord() {
        steward.sendSample("container-instance-disconnected-while-draining");
        steward.awaitDone();
        assertThat(steward.slack.posts()).isEmpty();
        assertThat(steward.over().get(0).skipped()).contains("no-incident");
    }

    @Test
    void anInstanceThatDrainsAfterItsAgentWasMissedEndsTheAlert() {
        steward.ecs.addContainerInstance("prod", INSTANCE, false, "ACTIVE", 14);
        steward.sendSample("container-instance-agent-disconnected");
        steward.awaitDone();
        assertThat(steward.slack.texts()).hasSize(1);
        steward.ecs.addContainerInstance("prod", INSTANCE, false, "DRAINING", 90);
        String draining = RunningSteward.sample("container-instance-disconnected-while-draining")
                .replaceAll("container-instance/prod/\\w+", "container-instance/prod/" + INSTANCE)
                .replaceFirst("\"time\": \"[^\"]+\"", "\"time\": \"2026-11-27T00:00:00Z\"");
        steward.send(draining);
        steward.send(draining);
        steward.awaitDone();
        assertThat(steward.slack.texts()).hasSize(2);
        assertThat(steward.slack.texts().get(1)).startsWith("[RESOLVED] ECS agent on ");
    }

    @Test
    void theSecondLookSurvivesARestart() {
        steward.ecs.addContainerInstance("prod", INSTANCE, false, "ACTIVE", 14);
        steward.with("steward.agent.grace-period", "3");
        steward.stop();
        steward.start();
        steward.sendSample("container-instance-agent-disconnected");
        RunningSteward.await(() -> !steward.over().isEmpty());
        steward.stop();
        steward.start();
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
    }
}
