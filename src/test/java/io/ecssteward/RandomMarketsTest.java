package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Capacity;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.SpotDay;
import io.ecssteward.testing.SpotMarket;
import io.ecssteward.testing.SteppedSteward;
import io.ecssteward.testing.SteppedSteward.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * The whole steward, with the policy {@code failover}, in markets that are left to chance for a day. Then Spot is there
 * for good, and half a day and a bit later everything is as at first.
 */
class RandomMarketsTest {
    private static final Duration CALM = Duration.ofMinutes(30);
    private static final String TAG = "ecs-steward:failover";
    private static final List<Capacity> MIXED =
            List.of(new Capacity("FARGATE_SPOT", 0, 4), new Capacity("FARGATE", 1, 1));
    private static final List<Capacity> SPOT = List.of(new Capacity("FARGATE_SPOT", 0, 1));

    private static SteppedSteward steward;
    private static EcsClient people;

    @BeforeContainer
    static void start() {
        steward = new SteppedSteward();
        people = steward.ecs.client();
    }

    @AfterContainer
    static void stop() {
        if (steward != null) {
            steward.close();
        }
    }

    /** What goes wrong with the steward. */
    private static final class Mischief implements SpotDay.Keeper {
        private final Random random;
        private final boolean stalls;
        private boolean on = true;

        Mischief(long seed, boolean stalls) {
            random = new Random(seed);
            this.stalls = stalls;
        }

        private boolean once(int in) {
            return on && random.nextInt(in) == 0;
        }

        @Override
        public void event(String json) {
            if (once(8)) {
                return;
            }
            steward.send(json, once(6) ? Duration.ofSeconds(random.nextInt(900)) : Duration.ZERO);
            if (once(8)) {
                steward.send(json, Duration.ofSeconds(random.nextInt(120)));
            }
        }

        @Override
        public Optional<Instant> next() {
            return steward.next();
        }

        @Override
        public void work() {
            while (steward.next()
                    .filter(at -> !at.isAfter(steward.clock.instant()))
                    .isPresent()) {
                if (once(100)) {
                    steward.crash(random.nextBoolean());
                }
                steward.deliver(random.nextInt(4), random.nextBoolean(), faults(), !once(20));
                if (once(3) || !on) {
                    steward.proceed(random.nextInt(3));
                }
            }
            for (int i = 0; i < 9; i++) {
                steward.proceed(0);
            }
        }

        private List<Fault> faults() {
            List<Fault> all = Stream.of(Fault.values())
                    .filter(f -> stalls || f != Fault.STALLED && f != Fault.ANSWER_STALLED)
                    .toList();
            List<Fault> faults = new ArrayList<>();
            while (once(3) && faults.size() < 6) {
                faults.add(once(2) ? Fault.NONE : all.get(random.nextInt(all.size())));
            }
            return faults;
        }

        @Override
        public void pass(Duration time) {
            steward.pass(time);
        }
    }

    @Property(tries = 8, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void itEndsAsItBeganAndDidNotFlap(@ForAll long seed, @ForAll boolean sharedClaims, @ForAll boolean changedByHand) {
        steward.begin(
                sharedClaims,
                Set.of(
                        FakeEcs.DESCRIBE_SERVICES,
                        FakeEcs.UPDATE_SERVICE,
                        FakeEcs.TAG_RESOURCE,
                        FakeEcs.UNTAG_RESOURCE,
                        SteppedSteward.SEND_MESSAGE,
                        SteppedSteward.POST));
        // Whoever changes something while a call of ours is on its way cannot be seen by us.
        Mischief mischief = new Mischief(seed, !changedByHand);
        History history = new History(seed, mischief);
        if (changedByHand) {
            history.letPeopleChangeThings(new Random(seed));
        }
        history.day.goTo(history.end);
        mischief.on = false;
        history.day.market.spotEverywhere(30);
        history.day.goTo(history.end.plus(Duration.ofHours(14)));
        history.check();
    }

    /** Nothing goes wrong but the market. */
    @Property(tries = 4, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void itIsNeverShortForLong(@ForAll long seed) {
        steward.begin(true, Set.of());
        Mischief none = new Mischief(seed, false);
        none.on = false;
        History history = new History(seed, none);
        history.day.goTo(history.end);
        for (FakeService service : history.services) {
            SpotMarket.Tally tally = history.day.market.tally(service);
            assertThat(tally.longest()).as(history.story()).isLessThan(10);
        }
        history.day.market.spotEverywhere(30);
        history.day.goTo(history.end.plus(Duration.ofHours(14)));
        history.check();
    }

    /** Two services and what happens to them in a day. */
    private static final class History {
        final Instant end = steward.clock.instant().plus(Duration.ofDays(1));
        final SpotDay day;
        final List<FakeService> services;
        final List<List<Capacity>> wanted = new ArrayList<>(List.of(MIXED, SPOT));
        final Map<String, Instant> byHand = new LinkedHashMap<>();

        History(long seed, Mischief mischief) {
            steward.ecs.addCluster(SpotDay.CLUSTER, 0);
            day = new SpotDay(steward.clock, seed, mischief);
            day.market.spotEverywhere(4).byChance(seed, 0.3, Duration.ofMinutes(20), end, List.of(0, 0, 1, 2, 4, 30));
            services = List.of(
                    steward.ecs
                            .addService(SpotDay.CLUSTER, "web")
                            .desiredCount(6)
                            .capacity("FARGATE_SPOT", 0, 4)
                            .capacity("FARGATE", 1, 1),
                    steward.ecs
                            .addService(SpotDay.CLUSTER, "worker")
                            .desiredCount(3)
                            .capacity("FARGATE_SPOT", 0, 1));
            services.forEach(s -> day.market.run(s.tag("ecs-steward:spot", "failover")));
        }

        /** A pipeline deploys new revisions, and somebody wants another strategy. */
        void letPeopleChangeThings(Random random) {
            for (int i = 0; i < 4; i++) {
                FakeService service = services.get(random.nextInt(2));
                int revision = i + 2;
                later(random, () -> deploy(service, r -> r.taskDefinition(service.name() + ":" + revision)));
            }
            int which = random.nextInt(2);
            List<Capacity> other = random.nextBoolean()
                    ? List.of(new Capacity("FARGATE_SPOT", 0, 3), new Capacity("FARGATE", 2, 1))
                    // All tasks where we put them.
                    : List.of(new Capacity("FARGATE", which == 0 ? 1 : 0, 1));
            later(random, () -> {
                wanted.set(which, other);
                deploy(
                        services.get(which),
                        r -> r.capacityProviderStrategy(
                                other.stream().map(History::item).toList()));
            });
        }

        private static CapacityProviderStrategyItem item(Capacity capacity) {
            return CapacityProviderStrategyItem.builder()
                    .capacityProvider(capacity.provider())
                    .base(capacity.base())
                    .weight(capacity.weight())
                    .build();
        }

        private void later(Random random, Runnable what) {
            day.market.after(Duration.ofMinutes(random.nextInt(24 * 60)), what);
        }

        private void deploy(FakeService service, Consumer<UpdateServiceRequest.Builder> more) {
            people.updateService(r -> {
                r.cluster(SpotDay.CLUSTER).service(service.name()).forceNewDeployment(true);
                more.accept(r);
            });
            byHand.put(service.deployments().get(0).id(), steward.clock.instant());
        }

        private boolean isByHand(SpotMarket.Change change) {
            return byHand.values().stream()
                    .anyMatch(at -> Duration.between(at, change.at()).abs().toSeconds() < 1);
        }

        /** What somebody deploys is superseded by nobody but people. */
        private void undisturbed(List<FakeService.Past> history) {
            for (int i = 1; i < history.size(); i++) {
                if (byHand.containsKey(history.get(i).id())
                        && history.get(i).status().equals("STOPPED")) {
                    assertThat(byHand)
                            .as(story())
                            .containsKey(history.get(i - 1).id());
                }
            }
        }

        /** What became of each service, and what the steward did in which order. */
        String story() {
            StringBuilder story = new StringBuilder();
            for (FakeService service : services) {
                story.append(service.name()).append(' ').append(service.tags()).append('\n');
                day.market
                        .tally(service)
                        .changes()
                        .forEach(c -> story.append("  ").append(c).append(isByHand(c) ? " by hand\n" : "\n"));
            }
            Stream.of(FakeEcs.UPDATE_SERVICE, FakeEcs.TAG_RESOURCE, FakeEcs.UNTAG_RESOURCE)
                    .flatMap(operation -> steward.ecs.done(operation).stream())
                    .sorted(Comparator.comparing(FakeEcs.Call::time))
                    .forEach(call -> story.append(call.time())
                            .append(' ')
                            .append(call.operation())
                            .append(' ')
                            .append(call.request())
                            .append('\n'));
            return story.toString();
        }

        void check() {
            for (int i = 0; i < services.size(); i++) {
                FakeService service = services.get(i);
                assertThat(service.tags()).as(story()).doesNotContainKey(TAG);
                assertThat(service.capacity()).as(story()).hasSameElementsAs(wanted.get(i));
                assertThat(day.market.running(service)).as(story()).isEqualTo(service.desiredCount());
                assertThat(service.deployments()).as(story()).hasSize(1);
                undisturbed(service.history());
                calm(day.market.tally(service).changes());
            }
        }

        /** A change may only come soon after another to take back a return. */
        private void calm(List<SpotMarket.Change> changes) {
            for (int i = 1; i < changes.size(); i++) {
                SpotMarket.Change before = changes.get(i - 1);
                SpotMarket.Change change = changes.get(i);
                boolean takesBack = isOnSpot(before) && !isOnSpot(change);
                if (!takesBack && !isByHand(before) && !isByHand(change)) {
                    assertThat(Duration.between(before.at(), change.at()))
                            .as(story())
                            .isGreaterThanOrEqualTo(CALM);
                }
            }
        }

        private static boolean isOnSpot(SpotMarket.Change change) {
            return change.capacity().stream().anyMatch(c -> c.provider().equals("FARGATE_SPOT") && c.weight() > 0);
        }
    }
}
