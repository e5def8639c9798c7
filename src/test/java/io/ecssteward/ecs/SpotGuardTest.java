package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Spot interruptions are worth a deployment, and which are left to ECS. */
class SpotGuardTest extends EcsRoutes {

    private FakeService web;

    @BeforeEach
    void web() throws Exception {
        routes.bind("store", new MemoryClaimStore(clock));
        web = ecs.addService("prod", "web").desiredCount(200);
    }

    private Exchange interrupt(String task) {
        return send(Events.spot(task, "service:web", clock.instant().toString()));
    }

    private static String detail(Exchange exchange) {
        return exchange.getMessage().getHeader(EcsServiceEndpoint.DETAIL, String.class);
    }

    @Test
    void oneTaskOfTwoHundredIsLeftToEcs() throws Exception {
        start("ecs-service:redeploy");
        Exchange done = interrupt("a");

        assertThat(outcome(done)).isEqualTo("small-share");
        assertThat(detail(done)).isEqualTo("1 of 200 tasks; ECS replaces it");
        assertThat(skipped(done)).containsExactly("small-share (redeploy/prod/web: 1 of 200 tasks; ECS replaces it)");
        assertThat(updates()).isEmpty();
    }

    @Test
    void aTenthIsEnoughAndTheEventsOfOneTaskCountOnce() throws Exception {
        start("ecs-service:redeploy");
        List<String> outcomes = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            interrupt("t" + Math.max(1, i / 2));
            outcomes.add(outcome(interrupt("t" + i)));
        }

        assertThat(outcomes.subList(0, 18)).containsOnly("small-share");
        assertThat(outcomes).endsWith("updated");
        assertThat(updates()).hasSize(1);
    }

    @Test
    void whatWasInterruptedLongerThanFiveMinutesAgoDoesNotCount() throws Exception {
        web.desiredCount(20);
        start("ecs-service:redeploy");
        interrupt("a");
        clock.advance(Duration.ofSeconds(301));
        assertThat(detail(interrupt("b"))).startsWith("1 of 20 tasks");
        clock.advance(Duration.ofSeconds(299));
        assertThat(outcome(interrupt("c"))).isEqualTo("updated");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.1, updated",
        "1, 1, updated",
        "10, 0.1, updated",
        "11, 0.1, small-share",
        "11, 0, updated",
        "2, 0.5, updated",
        "3, 0.5, small-share",
        "200, 0.005, updated",
        "14, 0.07, updated"
    })
    void theShareIsASetting(int tasks, String share, String outcome) throws Exception {
        web.desiredCount(tasks);
        start("ecs-service:redeploy", "spotShare: \"" + share + "\"");

        assertThat(outcome(interrupt("a"))).isEqualTo(outcome);
    }

    @Test
    void anotherEventThanAnInterruptionIsNotHeldBack() throws Exception {
        start("ecs-service:redeploy", "cluster: prod", "service: web", "spotPolicy: observe");

        assertThat(outcome(send("by hand"))).isEqualTo("updated");
    }

    @ParameterizedTest
    @CsvSource({
        "observe , ''                                , observe",
        "observe , 'prod/w*=redeploy'                , updated",
        "redeploy, 'prod/w*=observe'                 , observe",
        "redeploy, 'web = observe, prod/web=redeploy', observe",
        "redeploy, 'stage/web=observe, we=observe'   , updated",
        "redeploy, '*=observe'                       , observe"
    })
    void thePolicyIsASettingAndOneForSingleServices(String policy, String policies, String outcome) throws Exception {
        web.desiredCount(2);
        start("ecs-service:redeploy", "spotPolicy: " + policy, "spotPolicies: \"" + policies + "\"");

        assertThat(outcome(interrupt("a"))).isEqualTo(outcome);
    }

    @Test
    void theTagOfTheServiceIsStrongerThanTheSettings() throws Exception {
        web.desiredCount(2).tag("ecs-steward:spot", "observe").tag("team", "shop");
        start("ecs-service:redeploy");
        assertThat(outcome(interrupt("a"))).isEqualTo("observe");
        web.tag("ecs-steward:spot", "redeploy");
        assertThat(outcome(interrupt("b"))).isEqualTo("updated");
    }

    @Test
    void aTagThatNamesNoPolicyIsToldAndTheSettingHolds() throws Exception {
        web.tag("ecs-steward:spot", "fail-over");
        start("ecs-service:redeploy");
        try (CapturedLog log = new CapturedLog()) {
            assertThat(detail(interrupt("a")))
                    .isEqualTo("1 of 200 tasks; ECS replaces it. The service's tag ecs-steward:spot is 'fail-over', "
                            + "which is none of redeploy, observe, failover; the setting holds: redeploy");
            assertThat(log.text()).contains("prod/web: The service's tag ecs-steward:spot is 'fail-over'");
        }
    }

    @Test
    void aPolicyThatThereIsNotStopsTheStart() {
        assertThatThrownBy(() -> start("ecs-service:redeploy", "spotPolicy: fail-over"))
                .rootCause()
                .hasMessage(
                        "ecs-service:redeploy: spotPolicy is 'fail-over'; set one of [redeploy, observe, failover]");
    }

    @Test
    void soManyDeploymentsInAnHourAndNoMore() throws Exception {
        web.desiredCount(2).deploysIn(Duration.ofMinutes(1), Duration.ZERO);
        start("ecs-service:redeploy", "spotLimit: 2");
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            outcomes.add(outcome(interrupt("t" + i)));
            clock.advance(Duration.ofMinutes(10));
        }

        assertThat(outcomes)
                .containsExactly(
                        "updated", "updated", "hourly-cap", "hourly-cap", "hourly-cap", "hourly-cap", "updated");
    }

    private void startWithClaims() throws Exception {
        MemoryClaimStore store = new MemoryClaimStore(clock);
        ClaimRepository claims = new ClaimRepository();
        claims.setReason("cooldown");
        claims.setStore(store);
        claims.setCamelContext(routes.camel());
        routes.bind("store", store).bind("redeploy-claims", claims);
        start("ecs-service:redeploy", "coolDown: 2m");
    }

    @Test
    void aShareThatWasTooSmallLeavesTheNextInterruptionItsTurn() throws Exception {
        web.desiredCount(20);
        startWithClaims();

        assertThat(outcome(interrupt("a"))).isEqualTo("small-share");
        assertThat(outcome(interrupt("b"))).isEqualTo("updated");
        assertThat(outcome(interrupt("c"))).isEqualTo("cooldown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BLUE_GREEN", "LINEAR", "CANARY"})
    void aDeploymentThatShiftsTrafficComesTooLateForAnInterruptedTask(String strategy) throws Exception {
        web.desiredCount(1).strategy(strategy);
        start("ecs-service:redeploy");

        assertThat(outcome(interrupt("a"))).isEqualTo("shifts-traffic");
        assertThat(updates()).isEmpty();
    }

    @Test
    void theCoolDownGrowsWithTheDeploymentsThatAreInTheHour() throws Exception {
        web.desiredCount(2).deploysIn(Duration.ofMinutes(1), Duration.ZERO);
        startWithClaims();
        List<String> outcomes = new ArrayList<>();
        // At 0, 21 and 42 minutes; the first has left the hour at 63, and the two others count.
        for (int minutes : new int[] {21, 21, 21, 7, 2}) {
            outcomes.add(outcome(interrupt("t" + outcomes.size())));
            clock.advance(Duration.ofMinutes(minutes));
        }

        assertThat(outcomes).containsExactly("updated", "updated", "updated", "updated", "cooldown");
    }
}
