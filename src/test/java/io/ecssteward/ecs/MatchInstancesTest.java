package io.ecssteward.ecs;

import static io.ecssteward.testing.FakeEcs.DESCRIBE_CLUSTERS;
import static io.ecssteward.testing.FakeEcs.DESCRIBE_SERVICES;
import static io.ecssteward.testing.FakeEcs.LIST_CONTAINER_INSTANCES;
import static io.ecssteward.testing.FakeEcs.UPDATE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.RunningSteward;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchInstancesTest extends EcsRoutes {

    private Exchange match(String services, String... bounds) throws Exception {
        String[] parameters = new String[bounds.length + 1];
        parameters[0] = "services: \"" + services + "\"";
        System.arraycopy(bounds, 0, parameters, 1, bounds.length);
        start("ecs-service:match-instances", parameters);
        return again();
    }

    private Exchange again() {
        return send(Events.instance("a", true, 1));
    }

    @Test
    void theServiceGetsOneTaskAnInstanceInThreeCalls() throws Exception {
        ecs.addService("prod", "agent").desiredCount(1);
        Exchange done = match("agent");

        assertThat(outcome(done)).isEqualTo("updated");
        assertThat(updates())
                .singleElement()
                .hasToString("{\"cluster\":\"prod\",\"service\":\"agent\",\"desiredCount\":3}");
        assertThat(ecs.calls())
                .extracting(FakeEcs.Call::operation)
                .containsExactly(DESCRIBE_SERVICES, LIST_CONTAINER_INSTANCES, UPDATE_SERVICE);
        assertThat(EventOutcome.of(done)).hasToString("ecs UpdateService prod/agent");
    }

    @Test
    void aServiceAtItsCountIsLeftAlone() throws Exception {
        ecs.addService("prod", "agent").desiredCount(3);
        Exchange done = match("agent");

        assertThat(outcome(done)).isEqualTo("at-count");
        assertThat(skipped(done)).containsExactly("at-count (match/prod/agent)");
        assertThat(updates()).isEmpty();
    }

    @Test
    void itFollowsTheInstancesUpAndDown() throws Exception {
        ecs.addService("prod", "agent");
        match("agent");
        ecs.setInstances("prod", 12);
        again();
        ecs.setInstances("prod", 0);
        again();

        assertThat(updates()).extracting(r -> r.path("desiredCount").asInt()).containsExactly(3, 12, 0);
    }

    @Test
    void aServiceThatSomebodyStoppedIsLeftAlone() throws Exception {
        ecs.addService("prod", "agent").desiredCount(0);

        assertThat(skipped(match("agent"))).containsExactly("scaled-to-zero (match/prod/agent)");
        assertThat(updates()).isEmpty();
    }

    @Test
    void aServiceThatSomebodyStoppedIsRaisedWhereThatIsWanted() throws Exception {
        ecs.addService("prod", "agent").desiredCount(0);

        assertThat(outcome(match("agent", "fromZero: true"))).isEqualTo("updated");
        assertThat(updates()).extracting(r -> r.path("desiredCount").asInt()).containsExactly(3);
    }

    @Test
    void whatIsAtZeroForWantOfInstancesIsRaisedWithTheNextAndWhatSomebodyStopsThenIsNot() throws Exception {
        ecs.addService("prod", "agent");
        ecs.setInstances("prod", 0);
        match("agent");
        ecs.setInstances("prod", 2);
        again();
        assertThat(updates()).extracting(r -> r.path("desiredCount").asInt()).containsExactly(0, 2);

        ecs.addService("prod", "agent").desiredCount(0);
        assertThat(skipped(again())).containsExactly("scaled-to-zero (match/prod/agent)");
    }

    @Test
    void whatSomebodyRaisedAndStoppedAgainIsNotRaisedByUs() throws Exception {
        ecs.addService("prod", "agent");
        ecs.setInstances("prod", 0);
        match("agent");
        ecs.addService("prod", "agent").desiredCount(1);
        ecs.setInstances("prod", 1);
        assertThat(skipped(again())).containsExactly("at-count (match/prod/agent)");

        ecs.addService("prod", "agent").desiredCount(0);
        assertThat(skipped(again())).containsExactly("scaled-to-zero (match/prod/agent)");
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 2", "2, 2", "3, 3", "5, 5", "6, 5", "1000, 5"})
    void theCountStaysInItsBounds(int instances, int desired) throws Exception {
        ecs.setInstances("prod", instances);
        ecs.addService("prod", "agent").desiredCount(99);
        match("agent", "min: 2", "max: 5");

        assertThat(updates())
                .singleElement()
                .extracting(r -> r.path("desiredCount").asInt())
                .isEqualTo(desired);
    }

    @Test
    void aDaemonIsLeftToEcs() throws Exception {
        ecs.addService("prod", "agent").schedulingStrategy("DAEMON");

        assertThat(skipped(match("agent"))).containsExactly("daemon (match/prod/agent)");
        assertThat(updates()).isEmpty();
    }

    @Test
    void aServiceOfAnotherClusterIsNoFailure() throws Exception {
        ecs.addCluster("stage", 9).addService("stage", "metrics");

        assertThat(skipped(match("metrics"))).containsExactly("not-in-cluster (match/prod/metrics)");
    }

    @Test
    void aServiceThatIsBeingDeletedIsLeftAlone() throws Exception {
        ecs.addService("prod", "agent").status("DRAINING");

        assertThat(skipped(match("agent"))).containsExactly("service-inactive (match/prod/agent)");
    }

    @Test
    void entriesWithAClusterCountInThatClusterOnly() throws Exception {
        ecs.addService("prod", "logs");
        ecs.addService("prod", "metrics");
        ecs.addService("prod", "other");
        match(" logs, prod/metrics ,stage/other,, logs");

        assertThat(ecs.calls(DESCRIBE_SERVICES))
                .singleElement()
                .satisfies(call -> assertThat(call.request().path("services")).hasToString("[\"logs\",\"metrics\"]"));
        assertThat(updates()).extracting(r -> r.path("service").asText()).containsExactly("logs", "metrics");
    }

    @Test
    void withoutAServiceForThisClusterEcsIsNotAskedForServices() throws Exception {
        Exchange done = match("stage/agent");

        assertThat(outcome(done)).isEqualTo("not-listed");
        assertThat(skipped(done)).containsExactly("not-listed (match/prod)");
        assertThat(ecs.calls(DESCRIBE_SERVICES)).isEmpty();
    }

    @Test
    void twelveServicesAreDescribedInTwoCalls() throws Exception {
        IntStream.range(0, 12).forEach(i -> ecs.addService("prod", "s" + i).desiredCount(i < 2 ? 1 : 3));
        Exchange done = match(IntStream.range(0, 12).mapToObj(i -> "s" + i).collect(Collectors.joining(",")));

        assertThat(ecs.calls(DESCRIBE_SERVICES))
                .extracting(c -> c.request().path("services").size())
                .containsExactly(10, 2);
        assertThat(updates()).extracting(r -> r.path("service").asText()).containsExactly("s0", "s1");
        assertThat(outcome(done)).isEqualTo("updated");
        assertThat(skipped(done)).hasSize(10).allMatch(n -> n.startsWith("at-count (match/prod/s"));
    }

    @Test
    void whatIsDoneIsKnownAlthoughALaterServiceFails() throws Exception {
        ecs.addService("prod", "a");
        ecs.addService("prod", "b");
        // Faults happen in order, one a call: the first call passes.
        ecs.hold(UPDATE_SERVICE, 1).open();
        ecs.fail(UPDATE_SERVICE, 1, FakeEcs.THROTTLED);
        Exchange failed = match("a,b");

        assertThat(failed.getException()).hasMessageStartingWith("matching prod/b: ECS answered ThrottlingException");
        assertThat(EventOutcome.of(failed)).hasToString("ecs UpdateService prod/a");
        ecs.clear();
        again();
        assertThat(updates()).extracting(r -> r.path("service").asText()).containsExactly("b");
    }

    @Test
    void aMissingClusterFailsForGood() throws Exception {
        start("ecs-service:match-instances", "services: agent", "cluster: gone");

        assertThat(again().getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessage("describing gone/agent: ECS answered ClusterNotFoundException: Cluster not found.");
    }

    /** The instances a and b are ACTIVE, c drains, and d is external. */
    private void instances() {
        ecs.addContainerInstance("prod", "a", true, "ACTIVE", 1);
        ecs.addContainerInstance("prod", "b", true, "ACTIVE", 1);
        ecs.addContainerInstance("prod", "c", true, "DRAINING", 1);
        ecs.addContainerInstance("prod", "d", true, "ACTIVE", 1);
        ecs.setInstances("prod", 4);
    }

    @Test
    void anInstanceThatDrainsDoesNotCountAlthoughNoEventToldOfIt() throws Exception {
        instances();
        ecs.addService("prod", "agent").desiredCount(4);

        assertThat(outcome(match("agent"))).isEqualTo("updated");
        assertThat(updates()).extracting(r -> r.path("desiredCount").asInt()).containsExactly(3);
        assertThat(ecs.calls()).extracting(FakeEcs.Call::operation).doesNotContain(DESCRIBE_CLUSTERS);
    }

    @Test
    void onlyInstancesThatSatisfyTheConstraintCount() throws Exception {
        instances();
        ecs.instanceHas("prod", "a", "attribute:role == web", null);
        ecs.instanceHas("prod", "c", "attribute:role == web", null);
        ecs.addService("prod", "agent").desiredCount(4).memberOf("attribute:role == web");

        assertThat(outcome(match("agent"))).isEqualTo("updated");
        assertThat(updates()).extracting(r -> r.path("desiredCount").asInt()).containsExactly(1);
        assertThat(ecs.calls()).hasSize(3);
    }

    @Test
    void severalConstraintsHaveToBeSatisfiedTogether() throws Exception {
        instances();
        ecs.instanceHas("prod", "b", "(attribute:role == web) and (attribute:disk exists)", null);
        ecs.addService("prod", "agent")
                .desiredCount(4)
                .memberOf("attribute:role == web")
                .memberOf("attribute:disk exists");

        match("agent");
        assertThat(updates()).extracting(r -> r.path("desiredCount").asInt()).containsExactly(1);
    }

    @Test
    void externalInstancesAndThoseOfOtherCapacityProvidersAreToldApart() throws Exception {
        instances();
        ecs.setEc2InstanceId("prod", "d", "mi-0123456789abcdef0");
        ecs.instanceHas("prod", "a", null, "asg-a");
        ecs.instanceHas("prod", "b", null, "managed-b");
        ecs.addService("prod", "outside").desiredCount(9).launchType("EXTERNAL");
        ecs.addService("prod", "inside").desiredCount(9).launchType("EC2");
        ecs.addService("prod", "managed").desiredCount(9).capacity("managed-b", 0, 1);
        match("outside,inside,managed");

        assertThat(updates()).extracting(r -> r.path("desiredCount").asInt()).containsExactly(1, 2, 1);
    }

    private Exchange placementFailure(String service) {
        return send(Events.read(RunningSteward.sample("service-placement-failure-no-spot-capacity")
                .replaceAll("service/prod/\\w+", "service/prod/" + service)));
    }

    @Test
    void aPlacementFailureOfAListedServiceIsExplainedByAnInstanceThatDrainsNow() throws Exception {
        instances();
        start("ecs-service:check-drain", "services: prod/agent,stage/web");

        Exchange done = placementFailure("agent");
        assertThat(outcome(done)).isEqualTo("draining");
        assertThat(skipped(done)).containsExactly("draining (place/prod/agent)");
        ecs.clear();
        assertThat(outcome(placementFailure("web"))).isEqualTo("no-drain");
        assertThat(ecs.calls()).isEmpty();

        ecs.addContainerInstance("prod", "c", true, "INACTIVE", 2);
        assertThat(outcome(placementFailure("agent"))).isEqualTo("no-drain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AccessDeniedException", "ThrottlingException"})
    void aPlacementFailureIsToldWhereEcsDoesNotSayWhatDrains(String error) throws Exception {
        instances();
        start("ecs-service:check-drain", "services: agent");
        ecs.fail(LIST_CONTAINER_INSTANCES, 100, new AwsError(error, 400, "no"));

        assertThat(outcome(placementFailure("agent"))).isEqualTo("no-drain");
    }
}
