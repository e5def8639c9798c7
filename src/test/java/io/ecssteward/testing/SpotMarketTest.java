package io.ecssteward.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.event.DeploymentStateChange;
import io.ecssteward.event.Event;
import io.ecssteward.event.ServiceAction;
import io.ecssteward.event.TaskStateChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Service;

class SpotMarketTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FAILURE = "SERVICE_TASK_PLACEMENT_FAILURE";
    private static final String STEADY = "SERVICE_STEADY_STATE";

    private final ManualClock clock = ManualClock.at("2026-11-20T00:00:00Z");
    private final FakeEcs ecs = new FakeEcs(clock).addCluster("prod", 0);
    private final EcsClient client = ecs.client();
    private final List<String> events = new ArrayList<>();
    private final SpotMarket market = new SpotMarket(clock, 7, events::add).spotEverywhere(10);

    @AfterEach
    void stop() {
        ecs.close();
    }

    private FakeService spotService(int desired) {
        FakeService web = ecs.addService("prod", "web").desiredCount(desired).capacity("FARGATE_SPOT", 0, 1);
        market.run(web);
        return web;
    }

    private void pass(Duration time) {
        Instant until = clock.instant().plus(time);
        while (market.next().isPresent() && !market.next().get().isAfter(until)) {
            clock.set(market.next().get());
            market.proceed();
        }
        clock.set(until);
        market.proceed();
    }

    private void minutes(int minutes) {
        pass(Duration.ofMinutes(minutes));
    }

    private Service describe() {
        return client.describeServices(request -> request.cluster("prod").services("web"))
                .services()
                .get(0);
    }

    private void move(String provider) {
        client.updateService(request -> request.cluster("prod")
                .service("web")
                .forceNewDeployment(true)
                .capacityProviderStrategy(CapacityProviderStrategyItem.builder()
                        .capacityProvider(provider)
                        .weight(1)
                        .build()));
        market.proceed();
    }

    private List<JsonNode> parsed() {
        return events.stream()
                .map(event -> {
                    try {
                        return JSON.readTree(event);
                    } catch (JsonProcessingException e) {
                        throw new AssertionError(event, e);
                    }
                })
                .toList();
    }

    private List<String> names() {
        return parsed().stream()
                .map(event -> event.path("detail").path("eventName").asText())
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private long interrupted() {
        return parsed().stream()
                .filter(e -> e.path("detail").path("stopCode").asText().equals("SpotInterruption"))
                .filter(e -> e.path("detail").path("lastStatus").asText().equals("RUNNING"))
                .count();
    }

    @Test
    void spreadsTheTasksOverTheZonesAndReplacesThoseOfADryZoneElsewhere() {
        FakeService web = spotService(6);
        assertThat(describe().runningCount()).isEqualTo(6);
        assertThat(events).as("as it was").isEmpty();

        market.spot("eu-west-1a", 0);
        market.proceed();

        assertThat(interrupted()).isEqualTo(2);
        assertThat(describe().runningCount()).isEqualTo(4);
        assertThat(describe().pendingCount()).isEqualTo(2);
        minutes(1);
        assertThat(describe().runningCount()).isEqualTo(6);
        assertThat(names()).as("no failure").containsExactly(STEADY);
        minutes(1);
        assertThat(parsed())
                .filteredOn(e -> e.path("detail").path("stopCode").asText().equals("SpotInterruption"))
                .filteredOn(e -> e.path("detail").path("lastStatus").asText().equals("STOPPED"))
                .hasSize(2)
                .allSatisfy(e -> assertThat(e.path("time").asText()).isEqualTo("2026-11-20T00:02:00Z"));
        assertThat(market.tally(web).lost()).as("two tasks, a minute each").isEqualTo(2);
        assertThat(market.tally(web).fewest()).isEqualTo(4);
    }

    @Test
    void saysThatThereIsNoCapacityAndTriesAgain() {
        FakeService web = spotService(3);
        market.spotEverywhere(0);
        market.proceed();
        minutes(11);

        assertThat(names()).as("at once, and every five minutes").containsExactly(FAILURE, FAILURE, FAILURE);
        JsonNode failure = parsed().stream()
                .filter(e -> e.path("detail").path("eventName").asText().equals(FAILURE))
                .findFirst()
                .orElseThrow();
        assertThat(failure.path("detail").path("reason").asText()).isEqualTo("RESOURCE:FARGATE");
        assertThat(failure.path("detail").path("capacityProviderArns").get(0).asText())
                .endsWith("capacity-provider/FARGATE_SPOT");
        assertThat(describe().runningCount()).isZero();

        market.spot("eu-west-1b", 2);
        minutes(3);
        assertThat(market.running(web)).isEqualTo(2);
        market.spot("eu-west-1b", 9);
        minutes(3);
        assertThat(market.running(web)).isEqualTo(3);
        assertThat(market.tally(web).longest()).isEqualTo(16);
        assertThat(names()).endsWith(STEADY);
        minutes(6 * 60);
        assertThat(names()).endsWith(STEADY, STEADY);
    }

    @Test
    void movesAServiceWithoutBeingShort() {
        FakeService web = spotService(4);

        move("FARGATE");
        assertThat(describe().runningCount()).isEqualTo(4);
        assertThat(describe().pendingCount()).isEqualTo(4);
        minutes(1);

        assertThat(describe().deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.rolloutStateAsString()).isEqualTo("COMPLETED");
            assertThat(deployment.runningCount()).isEqualTo(4);
        });
        assertThat(names()).containsExactly("SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED", STEADY);
        assertThat(market.on("FARGATE", web)).isEqualTo(4);
        minutes(9);
        SpotMarket.Tally tally = market.tally(web);
        assertThat(tally.lost()).isZero();
        assertThat(tally.onDemand()).isEqualTo(40);
        assertThat(tally.spot()).as("until they were replaced").isEqualTo(4);
        assertThat(tally.deployments()).isEqualTo(1);
        assertThat(tally.changes())
                .extracting(SpotMarket.Change::at)
                .containsExactly(web.history().get(0).createdAt());
    }

    @Test
    void keepsTheOldTasksWhileTheNewOnesFindNoCapacity() {
        FakeService web = spotService(4);
        market.spotEverywhere(0).spot("eu-west-1a", 1);
        move("FARGATE");
        minutes(5);
        market.spotEverywhere(0);
        move("FARGATE_SPOT");
        minutes(30);

        assertThat(market.running(web)).isEqualTo(4);
        assertThat(describe().deployments()).hasSize(2);
        assertThat(names()).contains(FAILURE);
        market.spotEverywhere(5);
        minutes(3);
        assertThat(market.on("FARGATE_SPOT", web)).isEqualTo(4);
        assertThat(describe().deployments()).hasSize(1);
        assertThat(market.tally(web).changes()).hasSize(2);
    }

    @Test
    void honorsBaseAndWeights() {
        List<Capacity> strategy = List.of(new Capacity("FARGATE_SPOT", 0, 4), new Capacity("FARGATE", 1, 1));

        assertThat(SpotMarket.targets(strategy, 6)).isEqualTo(Map.of("FARGATE_SPOT", 4, "FARGATE", 2));
        assertThat(SpotMarket.targets(strategy, 1)).isEqualTo(Map.of("FARGATE_SPOT", 0, "FARGATE", 1));
        assertThat(SpotMarket.targets(strategy, 0)).isEqualTo(Map.of("FARGATE_SPOT", 0, "FARGATE", 0));
        assertThat(SpotMarket.targets(List.of(), 3)).isEqualTo(Map.of("FARGATE", 3));
        assertThat(SpotMarket.targets(List.of(new Capacity("FARGATE_SPOT", 0, 0), new Capacity("FARGATE", 0, 1)), 3))
                .isEqualTo(Map.of("FARGATE_SPOT", 0, "FARGATE", 3));
    }

    @Test
    void placesWhatIsOnDemandWhileSpotIsDry() {
        FakeService web = ecs.addService("prod", "web")
                .desiredCount(6)
                .capacity("FARGATE_SPOT", 0, 1)
                .capacity("FARGATE", 0, 1);
        market.spotEverywhere(0).run(web);
        minutes(1);
        web.desiredCount(8);
        minutes(2);

        assertThat(market.on("FARGATE", web)).isEqualTo(4);
        assertThat(market.running(web)).isEqualTo(4);
    }

    @Test
    void scalesASecondServiceThatWorksInItsPlace() {
        FakeService web = spotService(3);
        FakeService other = ecs.addService("prod", "web-on-demand").desiredCount(0);
        market.runInPlaceOf(other, web).spotEverywhere(0);
        other.desiredCount(3);
        market.proceed();
        minutes(1);
        assertThat(market.tally(web).lost()).isEqualTo(3);
        minutes(9);
        other.desiredCount(0);
        market.proceed();
        minutes(1);

        assertThat(market.tally(web).lost()).isEqualTo(6);
        assertThat(market.tally(web).onDemand()).isEqualTo(30);
    }

    @Test
    void tellsWhatTheStewardReads() {
        spotService(3);
        market.spotEverywhere(0);
        move("FARGATE");
        minutes(2);

        List<Event> read = events.stream().map(Events::read).toList();
        assertThat(read)
                .allSatisfy(event -> assertThat(event)
                        .isInstanceOfAny(TaskStateChange.class, ServiceAction.class, DeploymentStateChange.class));
        assertThat(read).hasAtLeastOneElementOfType(TaskStateChange.class);
        assertThat(parsed().stream().map(e -> e.path("id").asText())).doesNotHaveDuplicates();
    }

    @Test
    void theSameSeedIsTheSameMarket() {
        List<String> first = dayByChance();
        assertThat(dayByChance()).isEqualTo(first).hasSizeGreaterThan(50);
    }

    private List<String> dayByChance() {
        ManualClock day = ManualClock.at("2026-11-20T00:00:00Z");
        List<String> told = new ArrayList<>();
        try (FakeEcs one = new FakeEcs(day).addCluster("prod", 0)) {
            SpotMarket chance = new SpotMarket(day, 3, told::add).spotEverywhere(4);
            chance.run(one.addService("prod", "web").desiredCount(6).capacity("FARGATE_SPOT", 0, 1));
            Instant end = day.instant().plus(Duration.ofDays(1));
            chance.byChance(5, 0.3, Duration.ofMinutes(30), end, List.of(0, 1, 2, 8));
            while (chance.next().isPresent() && chance.next().get().isBefore(end)) {
                day.set(chance.next().get());
                chance.proceed();
            }
        }
        return told;
    }
}
