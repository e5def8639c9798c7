package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.event.TaskStateChange;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.SpotMarket;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.camel.Exchange;

/** A service on a Spot market whose calls to ECS fail, and whose answers get lost: what the component makes of it. */
class FailoverHistoriesTest {

    private static final Duration CALM = Duration.ofMinutes(30);

    private ManualClock clock;
    private FakeEcs ecs;
    private YamlRoutes routes;
    private SpotMarket market;
    private FakeService web;
    private final PriorityQueue<Due> queue = new PriorityQueue<>((a, b) -> a.at().compareTo(b.at()));
    private final Map<String, Instant> known = new HashMap<>();
    private final List<String> story = new ArrayList<>();

    private record Due(Instant at, Event event) {}

    private record Step(String what, int number, int minutes) {}

    @BeforeTry
    void begin() throws Exception {
        clock = ManualClock.at(EcsRoutes.NOW);
        ecs = new FakeEcs(clock).addCluster("prod", 0);
        routes = new YamlRoutes();
        MemoryClaimStore store = new MemoryClaimStore(clock);
        ClaimRepository claims = new ClaimRepository();
        claims.setReason("cooldown");
        claims.setStore(store);
        claims.setCamelContext(routes.camel());
        routes.bind("ecsClient", ecs.client())
                .bind("store", store)
                .bind("clock", clock)
                .bind("redeploy-claims", claims);
        routes.start(
                EcsRoutes.step("direct:redeploy", "", "ecs-service:redeploy", "coolDown: 2m", "spotPolicy: failover")
                        + EcsRoutes.step("direct:ensure", "", "ecs-service:ensure-capacity", "spotPolicy: failover"));
        queue.clear();
        known.clear();
        story.clear();
        market = new SpotMarket(clock, 7, json -> {
            Event event = Events.read(json);
            boolean interruption = event instanceof TaskStateChange task && task.spotInterruption();
            if (interruption || event.spotPlacementFailure()) {
                queue.add(new Due(clock.instant(), event));
            }
        });
        market.spotEverywhere(100);
        web = ecs.addService("prod", "web").desiredCount(4).capacity("FARGATE_SPOT", 0, 1);
        market.run(web);
    }

    @AfterTry
    void end() {
        routes.close();
        ecs.close();
    }

    private void pass(Duration time) {
        Instant until = clock.instant().plus(time);
        while (true) {
            Instant next = market.next().orElse(Instant.MAX);
            next = queue.isEmpty() || queue.peek().at().isAfter(next)
                    ? next
                    : queue.peek().at();
            if (next.isAfter(until)) {
                break;
            }
            if (next.isAfter(clock.instant())) {
                clock.set(next);
            }
            market.proceed();
            while (!queue.isEmpty() && !queue.peek().at().isAfter(clock.instant())) {
                handle(queue.poll().event());
                market.proceed();
            }
        }
        clock.set(until);
        market.proceed();
    }

    private void handle(Event event) {
        boolean interruption = event instanceof TaskStateChange;
        Exchange done = routes.send(interruption ? "direct:redeploy" : "direct:ensure", event);
        if (interruption && "failover".equals(done.getMessage().getHeader(EcsServiceEndpoint.OUTCOME))) {
            done = routes.send("direct:ensure", event);
        }
        story.add(clock.instant() + " " + event.type() + ": "
                + (done.getException() == null
                        ? done.getMessage().getHeader(EcsServiceEndpoint.OUTCOME)
                        : done.getException().getMessage())
                + " " + web.capacity() + " " + web.tags().get(FailoverTag.KEY));
        if (done.getException() != null) {
            queue.add(new Due(clock.instant().plusSeconds(60), event));
            return;
        }
        Integer next = done.getMessage().getHeader(EcsServiceEndpoint.NEXT, Integer.class);
        String key = done.getMessage().getHeader(EcsServiceEndpoint.FOLLOW_UP_KEY, String.class);
        if (next != null && !known.getOrDefault(key, Instant.MIN).isAfter(clock.instant())) {
            assertThat(next).isBetween(1, 900);
            known.put(
                    key,
                    clock.instant()
                            .plus(done.getMessage().getHeader(EcsServiceEndpoint.FOLLOW_UP_TTL, Duration.class)));
            queue.add(new Due(
                    clock.instant().plusSeconds(next),
                    Events.read(FollowUp.message(
                            "capacity",
                            done.getMessage().getHeader(EcsServiceEndpoint.SERVICE_ARN, String.class),
                            done.getMessage().getHeader(EcsServiceEndpoint.CLUSTER_ARN, String.class),
                            clock.instant()))));
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(6, "spot"),
                                Tuple.of(2, "answer is lost"),
                                Tuple.of(2, "hang up"),
                                Tuple.of(2, "throttle"),
                                Tuple.of(2, "error"),
                                Tuple.of(1, "deploy")),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(1, 60))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(15);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void whateverFailsItGoesThereAndBackAndNotMoreOftenThanItMay(@ForAll("histories") List<Step> steps) {
        int revision = 1;
        for (Step step : steps) {
            String operation = List.of(
                            FakeEcs.TAG_RESOURCE,
                            FakeEcs.UPDATE_SERVICE,
                            FakeEcs.DESCRIBE_SERVICES,
                            FakeEcs.UNTAG_RESOURCE)
                    .get(step.number());
            switch (step.what()) {
                case "spot" -> market.spotEverywhere(List.of(0, 0, 1, 100).get(step.number()));
                case "answer is lost" -> ecs.loseAnswer(operation, 1);
                case "hang up" -> ecs.hangUp(operation, 1);
                case "throttle" -> ecs.fail(operation, 1, FakeEcs.THROTTLED);
                case "error" -> ecs.fail(operation, 1, FakeEcs.SERVER_ERROR);
                default -> web.taskDefinition("web:" + ++revision).deployment(Duration.ZERO, "IN_PROGRESS");
            }
            pass(Duration.ofMinutes(step.minutes()));
        }
        market.spotEverywhere(100);
        pass(Duration.ofHours(20));

        String told = String.join("\n", story);
        assertThat(web.tags()).as(told).doesNotContainKey(FailoverTag.KEY);
        assertThat(web.capacity())
                .as(told)
                .singleElement()
                .hasToString(ecs.addService("prod", "like")
                        .capacity("FARGATE_SPOT", 0, 1)
                        .capacity()
                        .get(0)
                        .toString());
        assertThat(queue).as(told).isEmpty();
        Instant before = Instant.EPOCH;
        boolean onDemand = false;
        for (FakeEcs.Call update : ecs.done(FakeEcs.UPDATE_SERVICE)) {
            boolean moves = update.request().path("capacityProviderStrategy").size() == 2;
            if (!moves) {
                assertThat(Duration.between(before, update.time())).as(told).isGreaterThanOrEqualTo(CALM);
            }
            onDemand = moves;
            before = update.time();
        }
        assertThat(onDemand).as(told).isFalse();
    }

    @Example
    void aDrySpellTakesTheServiceThereAndBack() {
        market.spotEverywhere(0);
        pass(Duration.ofMinutes(10));
        assertThat(ecs.done(FakeEcs.UPDATE_SERVICE))
                .as(String.join("\n", story))
                .hasSize(1);
        assertThat(web.tags().get(FailoverTag.KEY)).startsWith("on-demand FARGATE_SPOT:0:1 since 2026-11-20T10:0");
        assertThat(market.tally(web).lost()).isLessThan(20);

        market.spotEverywhere(100);
        pass(Duration.ofHours(2));
        assertThat(ecs.done(FakeEcs.UPDATE_SERVICE))
                .as(String.join("\n", story))
                .hasSize(2);
        assertThat(web.tags()).doesNotContainKey(FailoverTag.KEY);
        assertThat(queue).isEmpty();
        System.out.println(String.join("\n", story));
    }

    @Example
    void aReturnToADryMarketIsTakenBackAndCostsNoTask() {
        market.spotEverywhere(0);
        pass(Duration.ofMinutes(10));
        double lost = market.tally(web).lost();
        pass(Duration.ofMinutes(40));

        assertThat(ecs.done(FakeEcs.UPDATE_SERVICE))
                .as(String.join("\n", story))
                .hasSize(3);
        assertThat(web.tags().get(FailoverTag.KEY)).startsWith("on-demand").endsWith("calm 60");
        assertThat(market.tally(web).lost()).isEqualTo(lost);
    }

    @Example
    void aServiceThatCannotBeTaggedIsNotMoved() {
        ecs.fail(FakeEcs.TAG_RESOURCE, 1_000, FakeEcs.ACCESS_DENIED);
        market.spotEverywhere(0);
        pass(Duration.ofMinutes(3));

        assertThat(ecs.calls(FakeEcs.TAG_RESOURCE)).isNotEmpty();
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).isEmpty();
    }

    @Example
    void aMoveThatEcsRefusesLeavesNoTagBehind() {
        ecs.fail(FakeEcs.UPDATE_SERVICE, 1_000, FakeEcs.ACCESS_DENIED);
        market.spotEverywhere(0);
        pass(Duration.ofMinutes(3));

        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).isNotEmpty();
        assertThat(web.tags()).doesNotContainKey(FailoverTag.KEY);
    }
}
