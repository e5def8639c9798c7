package io.ecssteward.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;

/**
 * Takes a {@link SpotMarket} and whoever looks after its services through a time, step by step: from one thing that
 * happens to the next.
 */
public final class SpotDay {
    /** Where the services are. */
    public static final String CLUSTER = "day";

    /** What the name of a second service ends with. */
    public static final String ON_DEMAND = "-on-demand";

    private final ManualClock clock;
    private final Keeper keeper;
    private final List<String> told = new ArrayList<>();

    /** The market, for a test to script. */
    public final SpotMarket market;

    /** Looks after the services. */
    public interface Keeper {
        /** ECS tells something, as EventBridge would deliver it. */
        void event(String json);

        /** When it has something to do next. */
        default Optional<Instant> next() {
            return Optional.empty();
        }

        /** Does what it has to do now. */
        default void work() {}

        /** Lets time go by. */
        void pass(Duration time);
    }

    public SpotDay(ManualClock clock, long seed, Keeper keeper) {
        this.clock = clock;
        this.keeper = keeper;
        market = new SpotMarket(clock, seed, told::add);
    }

    /** Goes on until then. */
    public void goTo(Instant end) {
        react();
        while (clock.instant().isBefore(end)) {
            Instant next = Stream.of(market.next(), keeper.next())
                    .flatMap(Optional::stream)
                    .min(Instant::compareTo)
                    .filter(at -> at.isBefore(end))
                    .orElse(end);
            if (next.isAfter(clock.instant())) {
                keeper.pass(Duration.between(clock.instant(), next));
            }
            react();
        }
    }

    /** Until nobody has to do anything more now. */
    private void react() {
        do {
            market.proceed();
            List<String> news = List.copyOf(told);
            told.clear();
            news.forEach(keeper::event);
            keeper.work();
            market.proceed();
        } while (!told.isEmpty());
    }

    /** The same that does not hear of each event. */
    public static Keeper hardOfHearing(Keeper keeper, double share, long seed) {
        Random random = new Random(seed);
        return new Keeper() {
            @Override
            public void event(String json) {
                if (random.nextDouble() >= share) {
                    keeper.event(json);
                }
            }

            @Override
            public Optional<Instant> next() {
                return keeper.next();
            }

            @Override
            public void work() {
                keeper.work();
            }

            @Override
            public void pass(Duration time) {
                keeper.pass(time);
            }
        };
    }

    /** Nobody: ECS alone. */
    public static Keeper nobody(ManualClock clock) {
        return new Keeper() {
            @Override
            public void event(String json) {}

            @Override
            public void pass(Duration time) {
                clock.advance(time);
            }
        };
    }

    /** The steward, whose queue gets each event at once. */
    public static Keeper steward(SteppedSteward steward) {
        return new Keeper() {
            @Override
            public void event(String json) {
                steward.send(json, Duration.ZERO);
            }

            @Override
            public Optional<Instant> next() {
                return steward.next();
            }

            @Override
            public void work() {
                steward.workOffVisible();
            }

            @Override
            public void pass(Duration time) {
                steward.pass(time);
            }
        };
    }

    /**
     * Functions that react to two service actions of a service: it lacks capacity, and it is steady.
     *
     * @see <a href="https://github.com/aws/containers-roadmap/issues/773">What people build in place of a fallback</a>
     */
    private abstract static class Lambdas implements Keeper {
        private static final ObjectMapper JSON = new ObjectMapper();
        private final ManualClock clock;
        final EcsClient ecs;

        Lambdas(ManualClock clock, EcsClient ecs) {
            this.clock = clock;
            this.ecs = ecs;
        }

        abstract void lacksCapacity(String service);

        abstract void isSteady(String service);

        @Override
        public void event(String json) {
            JsonNode event;
            try {
                event = JSON.readTree(json);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(json, e);
            }
            String arn = event.path("resources").path(0).asText();
            String name = arn.substring(arn.lastIndexOf('/') + 1);
            switch (event.path("detail").path("eventName").asText()) {
                case "SERVICE_TASK_PLACEMENT_FAILURE" -> lacksCapacity(name);
                case "SERVICE_STEADY_STATE" -> isSteady(name);
                default -> {}
            }
        }

        @Override
        public void pass(Duration time) {
            clock.advance(time);
        }
    }

    /**
     * A second service on-demand beside each one on Spot, called {@code NAME-on-demand}: it gets the desired count of
     * the first when that one lacks capacity, and none when that one is steady.
     */
    public static Keeper secondService(ManualClock clock, EcsClient client) {
        return new Lambdas(clock, client) {
            @Override
            void lacksCapacity(String service) {
                scale(
                        service,
                        ecs.describeServices(r -> r.cluster(CLUSTER).services(service))
                                .services()
                                .get(0)
                                .desiredCount());
            }

            @Override
            void isSteady(String service) {
                scale(service, 0);
            }

            private void scale(String service, int count) {
                if (!service.endsWith(ON_DEMAND)) {
                    ecs.updateService(
                            r -> r.cluster(CLUSTER).service(service + ON_DEMAND).desiredCount(count));
                }
            }
        };
    }

    /** Moves a service on-demand when it lacks capacity, and back on Spot as soon as it is steady. */
    public static Keeper switchedStrategy(ManualClock clock, EcsClient client) {
        return new Lambdas(clock, client) {
            private final Map<String, List<CapacityProviderStrategyItem>> before = new HashMap<>();

            @Override
            void lacksCapacity(String service) {
                before.computeIfAbsent(
                        service,
                        name -> ecs.describeServices(r -> r.cluster(CLUSTER).services(name))
                                .services()
                                .get(0)
                                .capacityProviderStrategy());
                move(
                        service,
                        List.of(CapacityProviderStrategyItem.builder()
                                .capacityProvider("FARGATE")
                                .weight(1)
                                .build()));
            }

            @Override
            void isSteady(String service) {
                Optional.ofNullable(before.remove(service)).ifPresent(strategy -> move(service, strategy));
            }

            private void move(String service, List<CapacityProviderStrategyItem> strategy) {
                ecs.updateService(r -> r.cluster(CLUSTER)
                        .service(service)
                        .capacityProviderStrategy(strategy)
                        .forceNewDeployment(true));
            }
        };
    }
}
