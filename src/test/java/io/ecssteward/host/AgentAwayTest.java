package io.ecssteward.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.host.AgentAway.Away;
import io.ecssteward.host.AgentAway.Decision;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** An agent that stays away: the truth table, and the step against ECS. */
class AgentAwayTest {

    private static final Duration AFTER = Duration.ofMinutes(15);

    private static <T> Supplier<T> notAsked() {
        return () -> {
            throw new AssertionError("nothing depends on it");
        };
    }

    private static Supplier<Host> host(String status, boolean connected, long version) {
        return () -> new Host(
                "prod",
                ContainerInstance.builder()
                        .status(status)
                        .agentConnected(connected)
                        .version(version)
                        .build());
    }

    private static Decision at(int minutes, Supplier<Host> host, Supplier<Away> counted, double share) {
        return AgentAway.decide(Duration.ofMinutes(minutes), AFTER, 7L, host, counted, share);
    }

    @Test
    void isOffByDefault() {
        assertThat(AgentAway.decide(Duration.ofHours(1), Duration.ZERO, 7L, notAsked(), notAsked(), 0)
                        .drains())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 900", "1, 840", "14, 60"})
    void asksNobodyBeforeItsTime(int minutes, int next) {
        assertThat(at(minutes, notAsked(), notAsked(), 0)).isEqualTo(new Decision(null, next));
    }

    @Test
    void waitsNoLongerThanSqsCan() {
        assertThat(AgentAway.decide(Duration.ZERO, Duration.ofHours(2), 7L, notAsked(), notAsked(), 0)
                        .next())
                .isEqualTo(900);
    }

    @Test
    void leavesAloneWhatIsBackOrGoneOrNewer() {
        assertThat(at(15, () -> null, notAsked(), 0).refused()).isEqualTo(SkipReason.NOT_ACTIVE);
        assertThat(at(15, host("DRAINING", false, 7), notAsked(), 0).refused()).isEqualTo(SkipReason.DRAINING);
        assertThat(at(15, host("ACTIVE", true, 9), notAsked(), 0).refused()).isEqualTo(SkipReason.RECONNECTED);
        assertThat(at(15, host("ACTIVE", false, 9), notAsked(), 0).refused()).isEqualTo(SkipReason.STALE);
        assertThat(at(15 + 25 * 60, notAsked(), notAsked(), 0).refused()).isEqualTo(SkipReason.STALE);
    }

    @ParameterizedTest
    @CsvSource({
        // away, all, share, what
        "1, 2,   0,   drains",
        "1, 1,   0,   NO_OTHER_HOST",
        "2, 2,   1,   NO_OTHER_HOST",
        "2, 10,  0,   MANY_AWAY",
        "2, 10,  0.2, drains",
        "3, 10,  0.2, MANY_AWAY",
        "1, 10,  0.2, drains",
        "5, 10,  0.2, MANY_AWAY"
    })
    void drainsOnlyWhenTheFaultIsTheHosts(int away, int all, double share, String what) {
        Decision decision = at(15, host("ACTIVE", false, 7), () -> new Away(away, all), share);
        assertThat(decision.drains() ? "drains" : decision.refused().name()).isEqualTo(what);
        assertThat(decision.next()).isEqualTo(decision.drains() ? 0 : 900);
    }

    private final ManualClock clock = ManualClock.at("2026-11-20T10:20:00Z");
    private final FakeEcs ecs = new FakeEcs(clock).addCluster("prod", 5);
    private final YamlRoutes routes = new YamlRoutes();

    @AfterEach
    void stop() {
        routes.close();
        ecs.close();
    }

    private Exchange look() throws Exception {
        routes.bind("ecsClient", ecs.client()).bind("clock", clock).start("""
                - route:
                    from:
                      uri: direct:in
                      steps:
                        - to:
                            uri: ecs-host:agent-away
                            parameters:
                              after: 15m
                """);
        Event event = Events.instance("a", false, 7);
        clock.set(event.time().plus(Duration.ofMinutes(20)));
        return routes.send("direct:in", Events.read(FollowUp.message("agent-away", event, Instant.EPOCH)));
    }

    private static List<String> skipped(Exchange done) {
        assertThat(done.getException()).isNull();
        return EventOutcome.of(done).skipped().stream()
                .map(s -> s.reason().word())
                .toList();
    }

    @Test
    void drainsTheOneThatIsAway() throws Exception {
        ecs.addContainerInstance("prod", "a", false, "ACTIVE", 7);
        ecs.addContainerInstance("prod", "b", true, "ACTIVE", 7);
        ecs.addTask("prod", "a", "1", "web");
        Exchange done = look();
        assertThat(skipped(done)).isEmpty();
        assertThat(done.getMessage().getHeader(HostEndpoint.OUTCOME)).isEqualTo("drained");
        assertThat(done.getMessage().getHeader(HostEndpoint.DETAIL, String.class))
                .contains("disconnected for 20 minutes", "On it run web (1 task).");
        assertThat(ecs.done(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE)).hasSize(1);
    }

    @Test
    void looksAgainWhenManyAreAway() throws Exception {
        for (String id : List.of("a", "b", "c", "d")) {
            ecs.addContainerInstance("prod", id, false, "ACTIVE", 7);
        }
        Exchange done = look();
        assertThat(skipped(done)).containsExactly("many-away");
        assertThat(done.getMessage().getHeader(HostEndpoint.NEXT)).isEqualTo(900);
        assertThat(ecs.calls(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE)).isEmpty();
    }
}
