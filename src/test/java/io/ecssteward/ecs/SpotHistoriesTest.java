package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What a service looks like an hour later, when Spot interrupts its tasks and other things happen to it. */
class SpotHistoriesTest extends RedeployHistories {

    private int updatesBefore;

    /** Something that happens to the service after so many seconds. */
    private record Step(int seconds, String what, int number) {}

    @Override
    String steps() {
        return EcsRoutes.step("direct:in", "", "ecs-service:redeploy", "coolDown: 2m");
    }

    private void interrupt(String task) {
        assertThat(routes.send(
                                "direct:in",
                                Events.spot(task, "service:web", clock.instant().toString()))
                        .getException())
                .isNull();
    }

    /** A task every three minutes. */
    private void interruptForAnHour() {
        for (int i = 0; i < 20; i++) {
            interrupt("s" + i);
            clock.advance(Duration.ofMinutes(3));
        }
    }

    private List<FakeEcs.Call> updates() {
        return ecs.calls(FakeEcs.UPDATE_SERVICE);
    }

    @Example
    void aBlueGreenDeploymentBakesToItsEnd() {
        web.strategy("BLUE_GREEN").deploysIn(Duration.ofMinutes(10), Duration.ofMinutes(45));
        web.deployment(Duration.ZERO, "IN_PROGRESS");
        String pipelines = web.deployments().get(0).id();
        for (int i = 0; i < 18; i++) {
            interrupt("s" + i);
            clock.advance(Duration.ofMinutes(3));
        }
        clock.advance(Duration.ofMinutes(1));

        assertThat(updates()).isEmpty();
        assertThat(web.deployments())
                .singleElement()
                .extracting(Deployment::id, Deployment::rolloutState)
                .containsExactly(pipelines, "COMPLETED");
    }

    @Example
    void theCircuitBreakerStopsADeploymentThatFails() {
        web.deploysIn(Duration.ofMinutes(5), Duration.ZERO).failsEvery(Duration.ofMinutes(4));
        web.deployment(Duration.ofSeconds(30), "IN_PROGRESS");
        for (int i = 0; i < 4; i++) {
            interrupt("s" + i);
            clock.advance(Duration.ofMinutes(3));
        }
        assertThat(updates()).isEmpty();
        assertThat(web.deployments()).extracting(Deployment::rolloutState).startsWith("IN_PROGRESS", "FAILED");
        clock.advance(Duration.ofMinutes(5));
        assertThat(web.deployments()).extracting(Deployment::rolloutState).containsExactly("COMPLETED");
    }

    @Example
    void aStormLeavesEveryDeploymentTimeToEndAndSlowsDown() {
        web.deploysIn(Duration.ofMinutes(5), Duration.ZERO);
        interruptForAnHour();
        clock.advance(Duration.ofMinutes(5));

        assertThat(updates()).hasSizeBetween(2, 4);
        assertThat(web.deployments()).extracting(Deployment::rolloutState).containsExactly("COMPLETED");
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 240),
                        Arbitraries.frequency(
                                Tuple.of(8, "interrupt"),
                                Tuple.of(2, "again"),
                                Tuple.of(2, "deploy"),
                                Tuple.of(1, "fail"),
                                Tuple.of(2, "scale")),
                        Arbitraries.integers().between(0, 3))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    /**
     * No two deployments are started within the cool-down, none while another is in progress, none for a service that
     * is stopped, and no more than four within an hour.
     */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void noDeploymentDoesHarm(@ForAll("histories") List<Step> history) {
        web.deploysIn(Duration.ofSeconds(100), Duration.ofSeconds(20));
        int tasks = 0;
        for (Step step : history) {
            clock.advance(Duration.ofSeconds(step.seconds()));
            switch (step.what()) {
                case "interrupt" -> watched("t" + ++tasks, this::interrupt);
                case "again" -> watched("t" + tasks, this::interrupt);
                case "deploy" -> web.deployment(Duration.ZERO, "IN_PROGRESS");
                case "fail" -> web.deployment(Duration.ZERO, "FAILED");
                default -> web.desiredCount(List.of(0, 1, 2, 30).get(step.number()));
            }
        }

        List<Instant> starts = updates().stream().map(FakeEcs.Call::time).toList();
        for (int i = 1; i < starts.size(); i++) {
            assertThat(Duration.between(starts.get(i - 1), starts.get(i))).isGreaterThanOrEqualTo(COOL_DOWN);
        }
        for (int i = 4; i < starts.size(); i++) {
            assertThat(Duration.between(starts.get(i - 4), starts.get(i))).isGreaterThanOrEqualTo(Duration.ofHours(1));
        }
    }

    /** Whether what is started now may be started. */
    private void watched(String task, Consumer<String> interruption) {
        updatesBefore = updates().size();
        boolean inProgress = web.deployments().stream().anyMatch(d -> "IN_PROGRESS".equals(d.rolloutState()));
        int desired = web.desiredCount();
        interruption.accept(task);
        if (updates().size() > updatesBefore) {
            assertThat(inProgress).as("in progress").isFalse();
            assertThat(desired).as("desired count").isPositive();
        }
    }
}
