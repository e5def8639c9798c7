package io.ecssteward.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.event.Event;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeAutoScaling;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.camel.Exchange;

/** What becomes of an instance that Auto Scaling terminates, whatever goes wrong meanwhile. */
class HookHistoriesTest {

    private static final String TOKEN = "87654321-4321-4321-4321-210987654321";
    private static final String EC2 = "i-0c1a9bcaf444746de";
    private static final Instant BEGAN = Instant.parse("2026-11-20T10:00:00Z");

    private ManualClock clock;
    private FakeEcs ecs;
    private FakeAutoScaling scaling;
    private YamlRoutes routes;

    /**
     * A history.
     *
     * @param heartbeat the hook's, in seconds
     * @param ends when each task ends, in seconds; some never do
     * @param copies how often the event comes
     * @param faults what goes wrong at which look, if anything does
     */
    private record History(int heartbeat, List<Integer> ends, int copies, List<String> faults) {
        Duration atMost() {
            return Duration.ofSeconds(heartbeat * 20L);
        }
    }

    @BeforeTry
    void begin() throws Exception {
        clock = new ManualClock(BEGAN);
        ecs = new FakeEcs(clock).addCluster("fargate", 0).addCluster("prod", 3).pageSize(50);
        ecs.addService("prod", "web");
        ecs.addService("prod", "logs").schedulingStrategy("DAEMON");
        ecs.addContainerInstance("prod", "a1", true, "ACTIVE", 7);
        ecs.setEc2InstanceId("prod", "a1", EC2);
        ecs.addTask("prod", "a1", "daemon", "logs");
        ecs.addTask("prod", "a1", "managed", "x");
        ecs.taskGroup("prod", "managed", "daemon:guard");
        scaling = new FakeAutoScaling(clock);
        routes = new YamlRoutes();
        routes.bind("ecsClient", ecs.client())
                .bind("hooks", scaling.hooks())
                .bind("clock", clock)
                .start("""
                        - route:
                            from:
                              uri: direct:in
                              steps:
                                - to:
                                    uri: ecs-host:lifecycle-action
                                    parameters:
                                      hooks: drain-*
                        """);
    }

    @AfterTry
    void end() {
        routes.close();
        ecs.close();
        scaling.close();
    }

    private static Event terminating(String hook) {
        return Events.read("""
                {"version": "0", "id": "1", "source": "aws.autoscaling", "account": "111122223333",
                 "detail-type": "EC2 Instance-terminate Lifecycle Action", "time": "%s", "region": "eu-west-1",
                 "detail": {"LifecycleActionToken": "%s", "AutoScalingGroupName": "hosts", "LifecycleHookName": "%s",
                            "EC2InstanceId": "%s", "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING"}}
                """.formatted(BEGAN, TOKEN, hook, EC2));
    }

    private Exchange look() {
        return routes.send("direct:in", terminating("drain-hosts"));
    }

    private static String outcome(Exchange done) {
        assertThat(done.getException()).isNull();
        return done.getMessage().getHeader(HostEndpoint.OUTCOME, String.class);
    }

    private int drains() {
        return ecs.done(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE).size();
    }

    private void terminate(int heartbeat) {
        scaling.hook("drain-hosts", Duration.ofSeconds(heartbeat), Duration.ofSeconds(heartbeat * 100L));
        scaling.terminate("drain-hosts", TOKEN, EC2);
    }

    @Example
    void waitsForTasksThatAreBeingStopped() {
        terminate(3_600);
        ecs.addTask("prod", "a1", "1", "web");
        ecs.taskStatus("prod", "1", "STOPPED", "DEACTIVATING");
        assertThat(outcome(look())).isEqualTo("waiting");
        ecs.taskStatus("prod", "1", "STOPPED", "STOPPED");
        assertThat(outcome(look())).isEqualTo("completed");
        assertThat(scaling.completed()).hasSize(1);
        assertThat(drains()).isEqualTo(1);
    }

    @Example
    void anInstanceInNoClusterGoesAtOnce() {
        terminate(3_600);
        ecs.removeContainerInstance("prod", "a1");
        Exchange done = look();
        assertThat(outcome(done)).isEqualTo("completed");
        assertThat(EventOutcome.of(done).skipped())
                .extracting(s -> s.reason().word())
                .containsExactly("no-container-instance");
        assertThat(scaling.calls()).containsExactly(FakeAutoScaling.HEARTBEAT, FakeAutoScaling.COMPLETE);
    }

    @Example
    void somebodyElsesHookIsLeftAlone() {
        for (String hook : List.of("backup", "ecs-managed-draining-termination-hook")) {
            assertThat(outcome(routes.send("direct:in", terminating(hook)))).isEqualTo("other-hook");
        }
        assertThat(scaling.calls()).isEmpty();
        assertThat(ecs.calls()).isEmpty();
    }

    @Example
    void anActionThatIsOverIsNoFailure() {
        terminate(3_600);
        assertThat(outcome(look())).isEqualTo("completed");
        assertThat(outcome(look())).isEqualTo("action-over");
        ecs.addTask("prod", "a1", "1", "web");
        clock.advance(Duration.ofHours(2));
        assertThat(outcome(look())).isEqualTo("action-over");
    }

    @Example
    void aHookThatWasDeletedIsOver() {
        ecs.addTask("prod", "a1", "1", "web");
        assertThat(outcome(look())).isEqualTo("action-over");
        assertThat(drains()).isZero();
    }

    @Example
    void aLostAnswerCompletesOnce() {
        terminate(3_600);
        scaling.loseAnswer(FakeAutoScaling.COMPLETE, 1);
        assertThat(look().getException()).isNotNull();
        assertThat(outcome(look())).isEqualTo("action-over");
        assertThat(scaling.completed()).hasSize(1);
    }

    @Example
    void aRefusalIsForGood() {
        terminate(3_600);
        scaling.fail(FakeAutoScaling.COMPLETE, 1, FakeAutoScaling.ACCESS_DENIED);
        assertThat(look().getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessageContaining("Auto Scaling answered AccessDenied");
    }

    @Provide
    Arbitrary<History> histories() {
        return Combinators.combine(
                        Arbitraries.of(60, 300, 3_600),
                        Arbitraries.integers().between(0, 115).list().ofMaxSize(4),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(
                                        "",
                                        "",
                                        "crash",
                                        FakeEcs.LIST_TASKS,
                                        FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE,
                                        FakeEcs.DESCRIBE_CONTAINER_INSTANCES,
                                        FakeAutoScaling.HEARTBEAT,
                                        FakeAutoScaling.COMPLETE,
                                        FakeAutoScaling.DESCRIBE,
                                        "lost heartbeat",
                                        "lost completion")
                                .list()
                                .ofMaxSize(30))
                .as((heartbeat, ends, copies, faults) -> new History(
                        heartbeat,
                        ends.stream()
                                .map(percent -> heartbeat * 20 * percent / 100)
                                .toList(),
                        copies,
                        faults));
    }

    /** Two looks in three may fail, and the process may die after any. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void isDrainedOnceAndCompletedOnceAndNeitherTooEarlyNorTooLate(@ForAll("histories") History history) {
        scaling.hook("drain-hosts", Duration.ofSeconds(history.heartbeat()), history.atMost());
        scaling.terminate("drain-hosts", TOKEN, EC2);
        for (int i = 0; i < history.ends().size(); i++) {
            ecs.addTask("prod", "a1", "t" + i, "web");
        }
        PriorityQueue<Instant> queue = new PriorityQueue<>(Comparator.naturalOrder());
        for (int i = 0; i < history.copies(); i++) {
            queue.add(BEGAN.plusSeconds(i));
        }
        List<String> faults = new ArrayList<>(history.faults());
        int failed = 0;
        Instant end = BEGAN.plus(history.atMost());
        while (!queue.isEmpty()) {
            Instant now = queue.poll();
            clock.set(now.isBefore(clock.instant()) ? clock.instant() : now);
            for (int i = 0; i < history.ends().size(); i++) {
                if (!clock.instant().isBefore(BEGAN.plusSeconds(history.ends().get(i)))) {
                    ecs.taskStatus("prod", "t" + i, "STOPPED", "STOPPED");
                }
            }
            String fault = failed == 2 || faults.isEmpty() ? "" : faults.remove(0);
            order(fault);
            Exchange done = look();
            ecs.heal();
            scaling.heal();
            failed = done.getException() != null || fault.equals("crash") ? failed + 1 : 0;
            if (failed > 0) {
                assertThat(done.getException() instanceof PermanentFailureException)
                        .isFalse();
                // The message is delivered again.
                queue.add(clock.instant().plusSeconds(10));
            } else if (done.getMessage().getHeader(HostEndpoint.NEXT) != null) {
                int next = done.getMessage().getHeader(HostEndpoint.NEXT, Integer.class);
                assertThat(next).isBetween(1, 900);
                queue.add(clock.instant().plusSeconds(next));
            }
        }
        assertThat(drains()).isEqualTo(1);
        assertThat(scaling.completed()).hasSize(1);
        Instant completed = scaling.completed().get(0);
        Instant tasksGone =
                BEGAN.plusSeconds(history.ends().stream().mapToInt(i -> i).max().orElse(0));
        Instant nearlyOver = end.minus(Duration.ofSeconds(Math.min(120, history.heartbeat() * 2L)));
        assertThat(completed).isBefore(end);
        assertThat(completed.isBefore(tasksGone) && completed.isBefore(nearlyOver))
                .isFalse();
    }

    private void order(String fault) {
        switch (fault) {
            case "", "crash" -> {}
            case "lost heartbeat" -> scaling.loseAnswer(FakeAutoScaling.HEARTBEAT, 1);
            case "lost completion" -> scaling.loseAnswer(FakeAutoScaling.COMPLETE, 1);
            case FakeAutoScaling.HEARTBEAT, FakeAutoScaling.COMPLETE, FakeAutoScaling.DESCRIBE ->
                scaling.fail(fault, 1, FakeAutoScaling.THROTTLED);
            default -> ecs.fail(fault, 1, FakeEcs.SERVER_ERROR);
        }
    }
}
