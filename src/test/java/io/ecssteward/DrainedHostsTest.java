package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.RunningSteward;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EC2 takes a Spot Instance back, and what runs on it moves in time: from the message to ECS and Slack. */
class DrainedHostsTest {

    private static final String WARNING = "ec2-spot-interruption-warning";
    private static final String RECOMMENDATION = "ec2-spot-rebalance-recommended";
    private static final String EC2 = "i-0c1a9bcaf444746de";

    private final RunningSteward steward = RunningSteward.create();

    @BeforeEach
    void start() {
        steward.ecs.addCluster("fargate", 0).addCluster("small", 1).addCluster("prod", 5);
        steward.ecs.addContainerInstance("small", "b1", true, "ACTIVE", 3);
        steward.ecs.addContainerInstance("prod", "a1", true, "ACTIVE", 7);
        steward.ecs.setEc2InstanceId("prod", "a1", EC2);
        steward.ecs.addContainerInstance("prod", "a2", true, "ACTIVE", 7);
        steward.ecs.addTask("prod", "a1", "1", "web");
        steward.ecs.addTask("prod", "a1", "2", "web");
        steward.ecs.addTask("prod", "a1", "3", "worker");
        steward.ecs.addTask("prod", "a1", "4", "job");
        steward.ecs.taskGroup("prod", "4", "family:job");
        steward.ecs.addTask("prod", "a2", "5", "elsewhere");
    }

    @AfterEach
    void close() {
        steward.close();
    }

    /** EC2 gives its notice now. */
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private static String sample(String name) {
        return RunningSteward.sample(name).replaceFirst("(\"time\": *\")[^\"]+", "$1" + NOW);
    }

    private void send(String sample) {
        steward.send(sample(sample));
    }

    private void handle(String sample) {
        steward.start();
        send(sample);
        steward.awaitDone();
    }

    private String drains() {
        return steward.ecs.done(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE).stream()
                .map(call -> call.request().toString())
                .reduce("", String::concat);
    }

    private String onlyPost() {
        assertThat(steward.slack.posts()).hasSize(1);
        return steward.slack.posts().get(0).body().toString();
    }

    private static final String DRAINED = "{\"cluster\":\"prod\",\"containerInstances\":"
            + "[\"arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1\"],\"status\":\"DRAINING\"}";

    @Test
    void drainsTheHostAndTellsWhatRunsThere() {
        handle(WARNING);
        assertThat(drains()).isEqualTo(DRAINED);
        assertThat(onlyPost())
                .contains("EC2 interrupts Spot Instance " + EC2)
                .contains("It was set to DRAINING")
                .contains("On it run web (2 tasks), worker (1 task) and 1 task of no service.")
                .contains("EC2 terminates it at about "
                        + NOW.plusSeconds(120).toString().substring(11, 19) + " UTC.")
                .contains("clusters/prod/infrastructure/container-instances/a1?region=eu-west-1")
                .contains("InstanceDetails:instanceId=" + EC2);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void asksNoClusterWithoutInstancesAndTheLargestFirst() {
        handle(WARNING);
        assertThat(steward.ecs.calls(FakeEcs.LIST_CONTAINER_INSTANCES))
                .extracting(call -> call.request().path("cluster").asText())
                .containsExactly("prod");
    }

    @Test
    void asksOnlyTheClustersThatAreNamed() {
        steward.with("steward.hosts.clusters", "small, fargate");
        handle(WARNING);
        assertThat(drains()).isEmpty();
        assertThat(steward.ecs.calls(FakeEcs.LIST_CLUSTERS)).isEmpty();
        assertThat(steward.ecs.calls(FakeEcs.LIST_CONTAINER_INSTANCES)).hasSize(1);
        assertThat(steward.over().get(0).skipped()).containsExactly("no-container-instance");
        assertThat(steward.slack.posts()).isEmpty();
    }

    @Test
    void findsTheClusterByAPatternOnALaterPage() {
        for (int i = 0; i < 7; i++) {
            steward.ecs.addCluster("other" + i, 0);
        }
        steward.ecs.addCluster("zone-z", 1);
        steward.ecs.addContainerInstance("zone-z", "z1", true, "ACTIVE", 1);
        steward.ecs.setEc2InstanceId("zone-z", "z1", EC2);
        steward.with("steward.hosts.clusters", "zone-*");
        handle(WARNING);
        assertThat(drains()).contains("\"zone-z\"");
    }

    @Test
    void copiesAndASecondNoticeDrainOnce() {
        steward.with("steward.hosts.drain", "rebalance-recommendation");
        handle(RECOMMENDATION);
        steward.forgetClaims();
        send(RECOMMENDATION);
        send(WARNING);
        send(WARNING);
        steward.awaitDone();
        assertThat(drains()).isEqualTo(DRAINED);
        assertThat(steward.over()).anySatisfy(over -> assertThat(over.skipped()).contains("draining"));
    }

    @Test
    void aRecommendationIsOnlyToldUnlessItIsSwitchedOn() {
        handle(RECOMMENDATION);
        assertThat(steward.ecs.calls()).isEmpty();
        assertThat(onlyPost()).contains("EC2 recommends replacing Spot Instance " + EC2);
    }

    @Test
    void nothingIsAskedWhenItIsSwitchedOff() {
        steward.with("steward.hosts.drain", "none");
        handle(WARNING);
        assertThat(steward.ecs.calls()).isEmpty();
        assertThat(onlyPost()).contains("EC2 interrupts Spot Instance " + EC2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatEcsDrainsItselfIsLeftToIt(boolean managed) {
        steward.with("steward.hosts.drain", "rebalance-recommendation");
        steward.ecs.managedDraining("group", managed);
        steward.ecs.instanceHas("prod", "a1", "", "group");
        handle(RECOMMENDATION);
        assertThat(drains()).isEqualTo(managed ? "" : DRAINED);
        assertThat(onlyPost().contains("ECS drains it itself")).isEqualTo(managed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FakeEcs.LIST_CLUSTERS,
                FakeEcs.DESCRIBE_CLUSTERS,
                FakeEcs.LIST_CONTAINER_INSTANCES,
                FakeEcs.DESCRIBE_CONTAINER_INSTANCES,
                FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE
            })
    void isDrainedInTheEndWhateverFails(String operation) {
        steward.ecs.fail(operation, 1, FakeEcs.THROTTLED);
        steward.ecs.fail(operation, 1, FakeEcs.SERVER_ERROR);
        steward.ecs.loseAnswer(operation, 1);
        handle(WARNING);
        assertThat(drains()).isEqualTo(DRAINED);
        assertThat(onlyPost()).contains("DRAINING");
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void whatRunsThereIsWorthNoSecondTry() {
        steward.ecs.fail(FakeEcs.LIST_TASKS, 1, FakeEcs.ACCESS_DENIED);
        handle(WARNING);
        assertThat(drains()).isEqualTo(DRAINED);
        assertThat(onlyPost()).contains("It is not known what runs on it.");
    }

    @Test
    void aRefusalIsToldCountedAndDeadLettered() {
        steward.observed();
        steward.ecs.fail(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE, 1, FakeEcs.ACCESS_DENIED);
        handle(WARNING);
        assertThat(onlyPost())
                .contains("It was not drained. EC2 terminates it at about ")
                .contains(" UTC. ECS refused: draining prod/a1: ECS answered AccessDeniedException: User");
        assertThat(steward.onlyReason()).contains("draining prod/a1");
        assertThat(steward.observe("metrics").body())
                .contains("steward_failures_total{reason=\"permanent\",sink=\"ecs\"} 1.0");
    }

    @Test
    void anotherRegionIsToldAndNotAsked() {
        steward.start();
        steward.send(sample(WARNING).replace("eu-west-1", "us-east-1"));
        steward.awaitDone();
        assertThat(steward.ecs.calls()).isEmpty();
        assertThat(onlyPost()).contains("EC2 terminates it at about");
    }

    @Test
    void whatHibernatesKeepsItsTasks() {
        steward.start();
        steward.send(sample(WARNING).replace("\"terminate\"", "\"hibernate\""));
        steward.awaitDone();
        assertThat(drains()).isEmpty();
        assertThat(onlyPost()).contains("It comes back with its tasks");
    }
}
