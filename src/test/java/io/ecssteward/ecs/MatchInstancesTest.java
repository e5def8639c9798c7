package io.ecssteward.ecs;

import static io.ecssteward.testing.FakeEcs.DESCRIBE_CLUSTERS;
import static io.ecssteward.testing.FakeEcs.DESCRIBE_SERVICES;
import static io.ecssteward.testing.FakeEcs.UPDATE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchInstancesTest extends EcsRoutes {

    /** As in the shipped route: camel-aws2-ecs counts the instances, and ours changes the services. */
    private static final String COUNT = """
                    - setHeader:
                        name: CamelAwsECSClusterName
                        simple: ${body.cluster}
                    - to:
                        uri: aws2-ecs:cluster
                        variableReceive: clusters
                        parameters:
                          operation: describeCluster
            """;

    private Exchange match(String services, String... bounds) throws Exception {
        String[] parameters = new String[bounds.length + 2];
        parameters[0] = "services: \"" + services + "\"";
        parameters[1] = "clusters: ${variable.clusters}";
        System.arraycopy(bounds, 0, parameters, 2, bounds.length);
        routes.bind("ecsClient", ecs.client())
                .start(step("direct:in", COUNT, "ecs-service:match-instances", parameters));
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
                .containsExactly(DESCRIBE_CLUSTERS, DESCRIBE_SERVICES, UPDATE_SERVICE);
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
        ecs.addCluster("stage", 0);
        routes.bind("ecsClient", ecs.client())
                .start(step(
                        "direct:in",
                        COUNT.replace("${body.cluster}", "gone"),
                        "ecs-service:match-instances",
                        "services: agent",
                        "cluster: gone",
                        "clusters: ${variable.clusters}"));

        assertThat(again().getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessage("matching gone: cluster not found");
    }
}
