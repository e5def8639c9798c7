package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.ecs.CapacityModel.Update;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What becomes of a service when Spot capacity comes and goes, and whatever else happens to it. */
class CapacityHistoriesTest {

    private static final Duration CALM = CapacityModel.RULES.calmTime();
    private static final List<CapacityStrategy> BY_HAND = List.of(
            CapacityStrategy.parse("FARGATE_SPOT:0:1").orElseThrow(),
            CapacityStrategy.parse("FARGATE:2:1").orElseThrow(),
            // Where we put it, but for the list.
            CapacityStrategy.parse("FARGATE:1:1").orElseThrow(),
            CapacityStrategy.parse("FARGATE:1:1/FARGATE_SPOT:0:3").orElseThrow());

    /** Something happens, and then so many minutes go by. */
    private record Step(String what, int number, int minutes) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(6, "room"),
                                Tuple.of(3, "wait"),
                                Tuple.of(2, "deploy"),
                                Tuple.of(1, "strategy"),
                                Tuple.of(1, "back"),
                                Tuple.of(1, "scale")),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(1, 90))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    private static void happen(CapacityModel model, Step step) {
        model.now = model.now.plusSeconds(2);
        switch (step.what()) {
            case "room" -> model.room(List.of(0, 0, 1, 2, 3, 100).get(step.number()));
            case "deploy" -> model.deploy();
            case "strategy" -> model.set(BY_HAND.get(step.number() % BY_HAND.size()));
            case "back" -> model.set(model.wanted);
            case "scale" -> model.scale(List.of(0, 1, 2, 4, 8, 40).get(step.number()));
            default -> {}
        }
        for (int i = 0; i < step.minutes(); i++) {
            model.minute();
        }
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void itNeitherFlapsNorDisturbsNorForgets(
            @ForAll("histories") List<Step> history,
            @ForAll long seed,
            @ForAll("faults") int lost,
            @ForAll("faults") int crashes) {
        CapacityModel model = new CapacityModel(new Random(seed)).faults(lost, crashes);
        history.forEach(step -> happen(model, step));

        // Spot is there for good, and nobody does anything any more.
        model.faults(0, 0);
        model.room(100);
        if (model.desired() == 0) {
            model.scale(2);
        }
        for (int i = 0; i < 20 * 60; i++) {
            model.minute();
        }
        String story = String.join("\n", model.outcomes);
        assertThat(model.emptied()).as(story).isFalse();
        assertThat(model.tag()).as(story).isNull();
        assertThat(model.strategy()).as(story).hasToString(model.wanted.toString());
        assertThat(model.running()).as(story).isEqualTo(model.desired());
        assertThat(model.inProgress()).as(story).isFalse();

        Instant before = Instant.EPOCH;
        for (Update update : model.updates) {
            assertThat(update.supersededOthers()).as(story).isFalse();
            boolean takesBack = update.onDemand() && update.tagged();
            if (!takesBack) {
                assertThat(Duration.between(before, update.at())).as(story).isGreaterThanOrEqualTo(CALM);
            }
            before = update.at();
        }
    }

    @Provide
    Arbitrary<Integer> faults() {
        return Arbitraries.of(0, 20, 50);
    }

    /** ECS keeps one task at least, unless it may stop all. */
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void noChangeOfOursStopsTheLastTask(
            @ForAll("histories") List<Step> history, @ForAll long seed, @ForAll("percents") int percent) {
        CapacityModel model = new CapacityModel(new Random(seed)).minimumHealthyPercent(percent);
        history.forEach(step -> happen(model, step));

        assertThat(model.emptied()).as(String.join("\n", model.outcomes)).isFalse();
    }

    @Provide
    Arbitrary<Integer> percents() {
        return Arbitraries.of(1, 50, 100);
    }

    @Example
    void aReturnStopsAllTasksWhereTheServiceAllowsThat() {
        CapacityModel model = new CapacityModel(new Random(1)).minimumHealthyPercent(0);
        model.wanted = CapacityStrategy.parse("FARGATE_SPOT:0:1").orElseThrow();
        model.set(model.wanted);
        model.minute();
        model.room(0);
        for (int i = 0; i < 60; i++) {
            model.minute();
        }

        assertThat(model.emptied()).isTrue();
    }

    /** In a drought nobody deploys or changes anything: it is over for the service soon. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void inADroughtItRunsOnDemand(@ForAll long seed, @ForAll("faults") int lost, @ForAll("faults") int crashes) {
        CapacityModel model = new CapacityModel(new Random(seed)).faults(lost, crashes);
        model.room(0);
        int missing = 0;
        for (int i = 0; i < 24 * 60; i++) {
            model.minute();
            missing += model.running() < model.desired() ? 1 : 0;
        }

        String story = String.join("\n", model.outcomes);
        assertThat(model.running()).as(story).isEqualTo(model.desired());
        assertThat(missing).as(story).isLessThan(60 * 3);
        // 30 minutes, 1, 2, 4, 8 and 8 hours: each time there and back.
        assertThat(model.updates).as(story).hasSizeLessThanOrEqualTo(13);
    }

    @Example
    void withoutFaultsADroughtCostsMinutesAndASecondOneIsNoLonger() {
        CapacityModel model = new CapacityModel(new Random(1));
        model.room(0);
        for (int i = 0; i < 12; i++) {
            model.minute();
        }
        assertThat(model.running()).isEqualTo(model.desired());
        assertThat(model.updates).hasSize(1);
        model.room(100);
        for (int i = 0; i < 120; i++) {
            model.minute();
        }
        assertThat(model.updates).hasSize(2);
        assertThat(model.tag()).isNull();
        assertThat(model.strategy()).isEqualTo(model.wanted);
    }
}
