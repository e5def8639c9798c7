package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.SpotDay;
import io.ecssteward.testing.SpotMarket;
import io.ecssteward.testing.SteppedSteward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * A day on Fargate Spot with three dry spells, for the same four services each time: alone, with the steward under each
 * policy, and with what people build from two functions. The table is in {@code bench/RESULTS.md}; {@code mvn test
 * -Dtest=SpotDayTest -Dspot-day.update=true} writes it again.
 */
class SpotDayTest {
    private static final Path RESULTS = Path.of("bench", "RESULTS.md");
    private static final String HEADING = "## A day with three dry spells\n";
    private static final long SEED = 7;
    private static final int TASKS = 25;
    private static final String FAILOVER = "`failover`";
    private static final String SECOND = "two functions, a second service";
    private static final String SWITCHED = "two functions, a switched strategy";
    private static final String LOST = ", one event in five lost";

    /** The discount is "up to 70 %": https://aws.amazon.com/fargate/pricing/. */
    private static final double SPOT_PRICE = 0.3;

    /** What came of the day. */
    private record Day(
            double lost,
            double longest,
            double onDemand,
            double spot,
            int deployments,
            int changes,
            boolean backOnSpot,
            int posts) {
        double cost() {
            return (onDemand + SPOT_PRICE * spot) / (TASKS * 24 * 60);
        }
    }

    private static final Map<String, Day> DAYS = new LinkedHashMap<>();

    @BeforeAll
    static void live() {
        DAYS.put("ECS alone", alone((clock, ecs) -> SpotDay.nobody(clock)));
        try (SteppedSteward steward = new SteppedSteward()) {
            for (String policy : List.of("observe", "redeploy", "failover")) {
                DAYS.put("`" + policy + "`", withTheSteward(steward, policy, false));
            }
            DAYS.put(FAILOVER + LOST, withTheSteward(steward, "failover", true));
        }
        DAYS.put(SECOND, alone(SpotDay::secondService));
        DAYS.put(SECOND + LOST, alone((clock, ecs) -> losing(SpotDay.secondService(clock, ecs))));
        DAYS.put(SWITCHED, alone(SpotDay::switchedStrategy));
        DAYS.put(SWITCHED + LOST, alone((clock, ecs) -> losing(SpotDay.switchedStrategy(clock, ecs))));
    }

    private static SpotDay.Keeper losing(SpotDay.Keeper keeper) {
        return SpotDay.hardOfHearing(keeper, 0.2, SEED);
    }

    private static Day alone(BiFunction<ManualClock, EcsClient, SpotDay.Keeper> keeper) {
        ManualClock clock = ManualClock.at("2026-11-20T00:00:00Z");
        try (FakeEcs ecs = new FakeEcs(clock)) {
            return day(clock, ecs, keeper.apply(clock, ecs.client()), List.of(), service -> {});
        }
    }

    private static Day withTheSteward(SteppedSteward steward, String policy, boolean losing) {
        steward.begin(true, Set.of());
        SpotDay.Keeper keeper = SpotDay.steward(steward);
        return day(
                steward.clock,
                steward.ecs,
                losing ? losing(keeper) : keeper,
                steward.posts(),
                service -> service.tag("ecs-steward:spot", policy));
    }

    private static Day day(
            ManualClock clock, FakeEcs ecs, SpotDay.Keeper keeper, List<String> posts, Consumer<FakeService> setUp) {
        ecs.addCluster(SpotDay.CLUSTER, 0);
        SpotDay day = new SpotDay(clock, SEED, keeper);
        day.market.spotEverywhere(20);
        List<FakeService> services = List.of(
                ecs.addService(SpotDay.CLUSTER, "web")
                        .desiredCount(8)
                        .capacity("FARGATE_SPOT", 0, 4)
                        .capacity("FARGATE", 1, 1),
                ecs.addService(SpotDay.CLUSTER, "api").desiredCount(6).capacity("FARGATE_SPOT", 0, 1),
                ecs.addService(SpotDay.CLUSTER, "worker").desiredCount(10).capacity("FARGATE_SPOT", 0, 1),
                ecs.addService(SpotDay.CLUSTER, "mailer").desiredCount(1).capacity("FARGATE_SPOT", 0, 1));
        List<FakeService> others = new ArrayList<>();
        for (FakeService service : services) {
            setUp.accept(service);
            day.market.run(service);
            // Idle but for the way that uses it.
            FakeService other = ecs.addService(SpotDay.CLUSTER, service.name() + SpotDay.ON_DEMAND)
                    .desiredCount(0);
            day.market.runInPlaceOf(other, service);
            others.add(other);
        }
        script(day.market);
        Instant end = clock.instant().plus(Duration.ofDays(1));
        day.goTo(end);

        List<SpotMarket.Tally> tallies =
                services.stream().map(day.market::tally).toList();
        return new Day(
                tallies.stream().mapToDouble(SpotMarket.Tally::lost).sum(),
                tallies.stream().mapToDouble(SpotMarket.Tally::longest).max().orElseThrow(),
                tallies.stream().mapToDouble(SpotMarket.Tally::onDemand).sum(),
                tallies.stream().mapToDouble(SpotMarket.Tally::spot).sum(),
                tallies.stream().mapToInt(SpotMarket.Tally::deployments).sum(),
                tallies.stream().mapToInt(t -> t.changes().size()).sum(),
                services.stream().allMatch(s -> day.market.running(s) == s.desiredCount())
                        && services.stream()
                                        .mapToInt(s -> day.market.on("FARGATE", s))
                                        .sum()
                                == 2
                        && others.stream().allMatch(s -> day.market.running(s) == 0),
                posts.size());
    }

    /** Zone by zone, half an hour; a morning with two false dawns; and an evening with a third of the capacity. */
    private static void script(SpotMarket market) {
        String a = SpotMarket.ZONES.get(0);
        String b = SpotMarket.ZONES.get(1);
        String c = SpotMarket.ZONES.get(2);
        at(market, 3, 0, () -> market.spot(a, 0));
        at(market, 3, 4, () -> market.spot(b, 0));
        at(market, 3, 9, () -> market.spot(c, 0));
        at(market, 3, 30, () -> market.spotEverywhere(20));

        at(market, 8, 0, () -> market.spot(a, 0));
        at(market, 8, 10, () -> market.spot(b, 4).spot(c, 6));
        at(market, 8, 20, () -> market.spot(c, 0));
        at(market, 8, 40, () -> market.spot(b, 0));
        at(market, 9, 15, () -> market.spot(a, 5));
        at(market, 9, 23, () -> market.spot(a, 0));
        at(market, 10, 20, () -> market.spotEverywhere(20));
        at(market, 10, 40, () -> market.spotEverywhere(0));
        at(market, 11, 30, () -> market.spotEverywhere(20));

        at(market, 17, 0, () -> market.spot(a, 0).spot(b, 3).spot(c, 4));
        at(market, 18, 30, () -> market.spotEverywhere(20));
    }

    private static void at(SpotMarket market, int hour, int minute, Runnable what) {
        market.after(Duration.ofHours(hour).plusMinutes(minute), what);
    }

    private static String table() {
        StringBuilder table = new StringBuilder("""

                | | task-minutes lost | longest shortage, min | task-minutes on-demand | cost | deployments | with another strategy | at the end | messages in Slack |
                |---|---|---|---|---|---|---|---|---|
                """);
        DAYS.forEach((way, day) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %,.0f | %.0f | %,.0f | %.2f | %d | %d | %s | %s |%n",
                way,
                day.lost(),
                day.longest(),
                day.onDemand(),
                day.cost(),
                day.deployments(),
                day.changes(),
                day.backOnSpot() ? "as at first" : "not as at first",
                way.startsWith("`") ? Integer.toString(day.posts()) : "")));
        return table.toString();
    }

    @Test
    void toObserveChangesNothing() {
        assertThat(DAYS.get("`observe`").lost()).isCloseTo(DAYS.get("ECS alone").lost(), Offset.offset(1.0));
        assertThat(DAYS.get("`observe`").deployments()).isZero();
    }

    /** Four an hour for each service at most, and only in the hours in which it was interrupted. */
    @Test
    void toRedeployIsNoWayOutOfADrySpell() {
        assertThat(DAYS.get("`redeploy`").lost())
                .isGreaterThan(DAYS.get("ECS alone").lost() / 2);
        assertThat(DAYS.get("`redeploy`").deployments()).isBetween(4, 32);
        assertThat(DAYS.get("`redeploy`").changes()).isZero();
    }

    @Test
    void toFailOverLosesFewTasksAndChangesLittle() {
        for (String way : List.of(FAILOVER, FAILOVER + LOST)) {
            Day day = DAYS.get(way);
            assertThat(day.lost())
                    .as(way)
                    .isLessThan(DAYS.get("`redeploy`").lost() / 10)
                    .isLessThan(DAYS.get("`observe`").lost() / 10);
            assertThat(day.longest()).as(way).isLessThan(15);
            assertThat(day.cost()).as(way).isLessThan(0.75);
            assertThat(day.changes()).as(way).isLessThanOrEqualTo(48);
        }
        assertThat(DAYS.get(FAILOVER).changes()).isLessThan(DAYS.get(SWITCHED).changes() / 4);
    }

    /** Nobody tells it a second time that a service is steady, but ECS six hours later. */
    @Test
    void onlyASwitchedStrategyIsStuckByLostEvents() {
        assertThat(DAYS)
                .allSatisfy((way, day) -> assertThat(day.backOnSpot()).isNotEqualTo(way.equals(SWITCHED + LOST)));
    }

    @Test
    void theTableIsThatOfTheResults() throws IOException {
        String before = Files.readString(RESULTS);
        System.out.println(table());
        int begin = before.indexOf(HEADING);
        assertThat(begin).as("the section in %s", RESULTS).isPositive();
        int first = before.indexOf("\n| | task-minutes", begin);
        int last = before.indexOf("\n\n", first + 1);
        String results = before.substring(0, first) + table() + (last < 0 ? "" : before.substring(last + 1));
        if (Boolean.getBoolean("spot-day.update")) {
            Files.writeString(RESULTS, results);
        } else {
            assertThat(sameEachTime(results)).isEqualTo(sameEachTime(before));
        }
    }

    /**
     * Without what a run decides: whether two replicas tell two alerts of one moment in one message or in two, and,
     * where events are lost, which of them hears of what is left.
     */
    private static String sameEachTime(String results) {
        return results.lines()
                .filter(line -> !line.startsWith("| " + FAILOVER + LOST))
                .map(line -> line.startsWith("|") ? line.substring(0, line.lastIndexOf('|', line.length() - 2)) : line)
                .collect(Collectors.joining("\n"));
    }
}
