package io.ecssteward.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeAutoScaling;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One look at a host, against ECS and Auto Scaling: whom it finds, what it does there, and what it leaves alone. */
class HostStepsTest {

    private static final Instant BEGAN = Instant.parse("2026-11-20T10:00:00Z");
    private static final String EC2 = "i-0c1a9bcaf444746de";
    private static final String TOKEN = "87654321-4321-4321-4321-210987654321";

    private final ManualClock clock = new ManualClock(BEGAN);
    private final FakeEcs ecs = new FakeEcs(clock).addCluster("prod", 3).pageSize(50);
    private final FakeAutoScaling scaling = new FakeAutoScaling(clock);
    private final YamlRoutes routes = new YamlRoutes();

    @AfterEach
    void end() {
        routes.close();
        ecs.close();
        scaling.close();
    }

    private void start(String clusters) throws Exception {
        scaling.hook("drain-hosts", Duration.ofSeconds(60), Duration.ofSeconds(6_000));
        scaling.terminate("drain-hosts", TOKEN, EC2);
        routes.bind("ecsClient", ecs.client())
                .bind("hooks", scaling.hooks())
                .bind("clock", clock)
                .start("""
                        - route:
                            from:
                              uri: direct:hook
                              steps:
                                - to:
                                    uri: ecs-host:lifecycle-action
                                    parameters:
                                      hooks: drain-*
                                      clusters: "%1$s"
                        - route:
                            from:
                              uri: direct:notice
                              steps:
                                - to:
                                    uri: ecs-host:drain
                                    parameters:
                                      clusters: "%1$s"
                        - route:
                            from:
                              uri: direct:agent
                              steps:
                                - to:
                                    uri: ecs-host:agent-away
                                    parameters:
                                      after: 15m
                        """.formatted(clusters));
    }

    private void host(String cluster, String id, boolean connected, String... tasks) {
        ecs.addContainerInstance(cluster, id, connected, "ACTIVE", 7);
        ecs.setEc2InstanceId(cluster, id, EC2);
        ecs.addService(cluster, "web");
        for (String task : tasks) {
            ecs.addTask(cluster, id, task, "web");
        }
    }

    private Exchange hook() {
        return routes.send("direct:hook", Events.read("""
                {"version": "0", "id": "1", "source": "aws.autoscaling", "account": "111122223333",
                 "detail-type": "EC2 Instance-terminate Lifecycle Action", "time": "%s", "region": "eu-west-1",
                 "detail": {"LifecycleActionToken": "%s", "AutoScalingGroupName": "hosts",
                            "LifecycleHookName": "drain-hosts", "EC2InstanceId": "%s",
                            "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING"}}
                """.formatted(BEGAN, TOKEN, EC2)));
    }

    private Exchange notice(String detailType, String action) {
        return routes.send("direct:notice", Events.read("""
                {"version": "0", "id": "1", "source": "aws.ec2", "account": "111122223333", "detail-type": "%s",
                 "time": "%s", "region": "eu-west-1", "detail": {"instance-id": "%s", "instance-action": "%s"}}
                """.formatted(detailType, BEGAN, EC2, action)));
    }

    private Exchange interruption() {
        return notice("EC2 Spot Instance Interruption Warning", "terminate");
    }

    /** A look at the agent of {@code a}, which has been away for 20 minutes. */
    private Exchange agent(String id) {
        Event event = Events.instance(id, false, 7);
        clock.set(event.time().plus(Duration.ofMinutes(20)));
        return routes.send("direct:agent", Events.read(FollowUp.message("agent-away", event, Instant.EPOCH)));
    }

    private static String outcome(Exchange done) {
        assertThat(done.getException()).isNull();
        return done.getMessage().getHeader(HostEndpoint.OUTCOME, String.class);
    }

    private static String detail(Exchange done) {
        return done.getMessage().getHeader(HostEndpoint.DETAIL, "", String.class);
    }

    private List<String> drained() {
        return ecs.done(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE).stream()
                .map(call -> call.request()
                        .path("containerInstances")
                        .path(0)
                        .asText()
                        .replaceFirst(".*container-instance/", ""))
                .toList();
    }

    @Test
    void aHostThatWasNotLookedForEverywhereIsNotLetGo() throws Exception {
        ecs.addCluster("staging", 3);
        host("staging", "s1", true, "1");
        start("prod");
        assertThat(outcome(hook())).isEqualTo("other-cluster");
        assertThat(scaling.completed()).isEmpty();
        assertThat(scaling.waits(TOKEN)).isTrue();
    }

    @Test
    void aClusterThatGrewSinceItWasAskedIsAskedAgain() throws Exception {
        ecs.addCluster("staging", 0);
        start("");
        routes.send("direct:notice", Events.read("""
                {"version": "0", "id": "2", "source": "aws.ec2", "time": "%s", "region": "eu-west-1",
                 "detail-type": "EC2 Spot Instance Interruption Warning", "detail": {"instance-id": "i-0f", "instance-action": "stop"}}
                """.formatted(BEGAN)));
        ecs.setInstances("staging", 1);
        host("staging", "s1", true, "1");
        clock.advance(Duration.ofSeconds(50));
        assertThat(outcome(hook())).isEqualTo("waiting");
        assertThat(drained()).containsExactly("staging/s1");
    }

    private static final AwsError GONE = new AwsError("ClusterNotFoundException", 400, "Cluster not found.");

    private static Stream<AwsError> clustersThatCannotBeSeen() {
        return Stream.of(FakeEcs.ACCESS_DENIED, GONE);
    }

    @ParameterizedTest
    @MethodSource("clustersThatCannotBeSeen")
    void aClusterThatCannotBeSeenKeepsNoHostOfAnotherFromBeingDrained(AwsError refusal) throws Exception {
        ecs.addCluster("old", 9);
        host("prod", "a1", true, "1");
        start("");
        ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 1, refusal);
        assertThat(outcome(interruption())).isEqualTo("drained");
        assertThat(drained()).containsExactly("prod/a1");
        ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 1, refusal);
        assertThat(outcome(hook())).isEqualTo("waiting");
    }

    @Test
    void aHostThatIsNowhereMayBeInAClusterThatCannotBeSeen() throws Exception {
        ecs.addCluster("old", 9);
        start("");
        ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 1, FakeEcs.ACCESS_DENIED);
        assertThat(interruption().getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessageContaining("these clusters could not be seen: old (looking for " + EC2 + " in old: ECS")
                .hasMessageContaining("AccessDeniedException");
    }

    @Test
    void aStaleRegistrationDoesNotSpeakForAHostThatMayLiveWhereNobodySees() throws Exception {
        ecs.addCluster("hidden", 9);
        host("prod", "a0stale", false);
        start("");
        ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 1, FakeEcs.ACCESS_DENIED);
        assertThat(interruption().getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessageContaining("its agent is not connected where it was found, in prod, and these clusters could"
                        + " not be seen: hidden (looking for " + EC2 + " in hidden: ECS");
        // Asked for as the clusters are now, once more.
        ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 1, FakeEcs.ACCESS_DENIED);
        assertThat(hook().getException()).isInstanceOf(PermanentFailureException.class);
        assertThat(drained()).isEmpty();
        assertThat(scaling.completed()).isEmpty();
    }

    @Test
    void anAgentThatIsAwayForAMomentIsStillTheHosts() throws Exception {
        ecs.addCluster("hidden", 9);
        host("prod", "a1", true, "1");
        start("");
        ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 1, FakeEcs.ACCESS_DENIED);
        assertThat(outcome(hook())).isEqualTo("waiting");
        ecs.addContainerInstance("prod", "a1", false, "DRAINING", 8);
        ecs.setEc2InstanceId("prod", "a1", EC2);
        ecs.addTask("prod", "a1", "1", "web");
        ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 1, FakeEcs.ACCESS_DENIED);
        assertThat(outcome(hook())).isEqualTo("waiting");
        assertThat(scaling.completed()).isEmpty();
    }

    @Test
    void aHostThatIsNowhereIsNotInAClusterThatIsGone() throws Exception {
        ecs.addCluster("old", 9);
        start("");
        ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 1, GONE);
        assertThat(outcome(interruption())).isEqualTo("no-container-instance");
    }

    @Test
    void aManagedInstanceIsLeftAlone() throws Exception {
        host("prod", "a1", true, "1");
        ecs.managedInstances("prod", "fast");
        ecs.instanceHas("prod", "a1", "", "fast");
        start("");
        assertThat(outcome(interruption())).isEqualTo("managed-instance");
        assertThat(drained()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prod", "staging"})
    void aHostThatRegisteredTwiceIsDrainedWhereItsTasksAre(String live) throws Exception {
        ecs.addCluster("staging", 1);
        host("prod", "a0stale", false);
        host(live, "a1", true, "1");
        start("");
        assertThat(outcome(hook())).isEqualTo("waiting");
        assertThat(drained()).contains(live + "/a1");
        assertThat(scaling.completed()).isEmpty();
        ecs.removeTask(live, "1");
        assertThat(outcome(hook())).isEqualTo("completed");
    }

    @Test
    void aSpotNoticeDrainsEachRegistrationAndTellsOfTheLiveOne() throws Exception {
        host("prod", "a0stale", false);
        host("prod", "a1", true, "1");
        start("");
        Exchange done = interruption();
        assertThat(outcome(done)).isEqualTo("drained");
        assertThat(drained()).containsExactlyInAnyOrder("prod/a0stale", "prod/a1");
        assertThat(done.getMessage().getHeader(HostEndpoint.INSTANCE, String.class))
                .endsWith("/a1");
        assertThat(detail(done)).contains("On it run web (1 task).");
    }

    @Test
    void anActionThatIsOverDrainsNothing() throws Exception {
        host("prod", "a1", true, "1");
        start("");
        clock.advance(Duration.ofHours(3));
        assertThat(outcome(hook())).isEqualTo("action-over");
        assertThat(drained()).isEmpty();
        assertThat(detail(hook())).isEmpty();
    }

    @Test
    void theHookWaitsOnWhileEcsFails() throws Exception {
        host("prod", "a1", true, "1");
        start("");
        assertThat(outcome(hook())).isEqualTo("waiting");
        ecs.fail(FakeEcs.LIST_TASKS, 99, FakeEcs.SERVER_ERROR);
        for (int second : List.of(15, 29, 55)) {
            clock.set(BEGAN.plusSeconds(second));
            assertThat(hook().getException()).isNotNull();
        }
        ecs.heal();
        clock.set(BEGAN.plusSeconds(62));
        assertThat(outcome(hook())).isEqualTo("waiting");
    }

    @Test
    void tasksThatAreLeftWhenTheActionIsOverAreTold() throws Exception {
        host("prod", "a1", true, "1");
        start("");
        assertThat(outcome(hook())).isEqualTo("waiting");
        clock.advance(Duration.ofMinutes(2));
        Exchange over = hook();
        assertThat(outcome(over)).isEqualTo("action-over");
        assertThat(detail(over)).contains("web (1 task)");
        ecs.removeTask("prod", "1");
        assertThat(detail(hook())).isEmpty();
    }

    @Test
    void aTaskThatNeverEndsIsToldOnceInTwoDaysAndWhenTheTimeIsNearlyOver() throws Exception {
        host("prod", "a1", true, "1");
        ecs.taskGroup("prod", "1", "family:forever");
        start("");
        scaling.hook("drain-hosts", Duration.ofHours(1), Duration.ofHours(48));
        scaling.terminate("drain-hosts", TOKEN, EC2);
        List<String> told = new ArrayList<>();
        Integer next;
        do {
            Exchange done = hook();
            if (!detail(done).isEmpty()) {
                told.add(detail(done));
            }
            next = done.getMessage().getHeader(HostEndpoint.NEXT, Integer.class);
            clock.advance(Duration.ofSeconds(next == null ? 0 : next));
        } while (next != null);
        assertThat(told).hasSize(2);
        assertThat(told.get(0)).contains("for an hour", "until 2026-11-22 10:00 UTC at most");
        assertThat(told.get(1)).contains("about to time out");
    }

    @Test
    void aChainEndsThoughAutoScalingNeverAnswers() throws Exception {
        host("prod", "a1", true, "1");
        start("");
        scaling.fail(FakeAutoScaling.HEARTBEAT, 99, FakeAutoScaling.SERVER_ERROR);
        assertThat(hook().getException()).isNotNull();
        clock.advance(Duration.ofHours(49));
        assertThat(outcome(hook())).isEqualTo("action-over");
    }

    @ParameterizedTest
    @CsvSource({
        "EC2 Spot Instance Interruption Warning, terminate, 119, drained",
        "EC2 Spot Instance Interruption Warning, terminate, 300, stale",
        "EC2 Spot Instance Interruption Warning, stop, 864000, stale",
        "EC2 Instance Rebalance Recommendation, , 1800, drained",
        "EC2 Instance Rebalance Recommendation, , 864000, stale"
    })
    void anOldNoticeIsNoNews(String type, String action, int age, String outcome) throws Exception {
        host("prod", "a1", true, "1");
        start("");
        clock.advance(Duration.ofSeconds(age));
        assertThat(outcome(notice(type, action))).isEqualTo(outcome);
        assertThat(drained()).hasSize(outcome.equals("drained") ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "EC2 Spot Instance Interruption Warning, drained",
        "EC2 Instance Rebalance Recommendation, managed-draining"
    })
    void managedDrainingKnowsNothingOfAnInterruption(String type, String outcome) throws Exception {
        host("prod", "a1", true, "1");
        ecs.managedDraining("group", true);
        ecs.instanceHas("prod", "a1", "", "group");
        start("");
        assertThat(outcome(notice(type, "terminate"))).isEqualTo(outcome);
    }

    private void agents(int count) {
        ecs.addService("prod", "web");
        for (int i = 0; i < count; i++) {
            ecs.addContainerInstance("prod", "h" + i, true, "ACTIVE", 7);
            ecs.addTask("prod", "h" + i, "t" + i, "web");
        }
    }

    @Test
    void agentsThatGoOneAfterAnotherAreMany() throws Exception {
        agents(10);
        start("");
        for (int i = 0; i < 3; i++) {
            ecs.addContainerInstance("prod", "h" + i, false, "ACTIVE", 7);
            assertThat(outcome(agent("h" + i))).isEqualTo(i == 0 ? "drained" : "many-away");
        }
        assertThat(drained()).containsExactly("prod/h0");
    }

    @Test
    void aHostWithNothingToMoveIsLeftAlone() throws Exception {
        agents(2);
        ecs.addService("prod", "logs").schedulingStrategy("DAEMON");
        ecs.addTask("prod", "h0", "d", "logs");
        ecs.taskGroup("prod", "t0", "family:job");
        ecs.addContainerInstance("prod", "h0", false, "ACTIVE", 7);
        start("");
        assertThat(outcome(agent("h0"))).isEqualTo("nothing-to-move");
        assertThat(drained()).isEmpty();
    }

    @Test
    void managedDrainingKnowsNothingOfAnAgent() throws Exception {
        agents(2);
        ecs.addContainerInstance("prod", "h0", false, "ACTIVE", 7);
        ecs.managedDraining("group", true);
        ecs.instanceHas("prod", "h0", "", "group");
        start("");
        assertThat(outcome(agent("h0"))).isEqualTo("drained");
    }
}
