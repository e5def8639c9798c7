package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.Gate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person moves a service to on-demand or takes it back: by the guards of what happens by itself, and no others. */
class CapacityByHandTest extends EcsRoutes {

    private static final String KEPT = "FARGATE:1:1/FARGATE_SPOT:0:4";
    private static final String MOVED = "FARGATE:1:1/FARGATE_SPOT:0:0";

    private FakeService web;

    @BeforeEach
    void begin() throws Exception {
        MemoryClaimStore store = new MemoryClaimStore(clock);
        ClaimRepository claims = new ClaimRepository();
        claims.setReason("cooldown");
        claims.setStore(store);
        claims.setCamelContext(routes.camel());
        routes.bind("ecsClient", ecs.client())
                .bind("store", store)
                .bind("clock", clock)
                .bind("redeploy-claims", claims);
        web = ecs.addService("prod", "web")
                .desiredCount(4)
                .capacity("FARGATE", 1, 1)
                .capacity("FARGATE_SPOT", 0, 4)
                .deployment(Duration.ofDays(1), "COMPLETED")
                .tasks(3, 0);
        routes.start(step("direct:plan-move", "", "ecs-service:plan", "change: to-on-demand")
                + step("direct:plan-back", "", "ecs-service:plan", "change: back-to-spot")
                + step("direct:move", "", "ecs-service:ensure-capacity", "to: on-demand", "expect: ${body.text}")
                + step("direct:back", "", "ecs-service:ensure-capacity", "to: spot", "expect: ${body.text}"));
    }

    private Exchange send(String to, String expect) {
        Exchange sent = routes.send(to, Events.click("U1", "to-on-demand", expect, clock.instant()));
        clock.advance(Duration.ofSeconds(1));
        return sent;
    }

    private static String detail(Exchange exchange) {
        return exchange.getMessage().getHeader(EcsServiceEndpoint.DETAIL, String.class);
    }

    private static String plan(Exchange exchange) {
        return exchange.getMessage().getHeader(EcsServiceEndpoint.PLAN, String.class);
    }

    private String tag() {
        return web.tags().get(FailoverTag.KEY);
    }

    private void changesNothing() {
        assertThat(updates()).isEmpty();
        assertThat(ecs.calls(FakeEcs.TAG_RESOURCE)).isEmpty();
        assertThat(ecs.calls(FakeEcs.UNTAG_RESOURCE)).isEmpty();
    }

    /** On demand for a minute, as a person wanted it. */
    private void moved() {
        send("direct:move", "");
        web.completeDeployment();
        web.tasks(4, 0);
        clock.advance(Duration.ofMinutes(1));
        ecs.clear();
    }

    @Test
    void whoeverMovesItAgainAfterAMoveThatFailedIsToldSo() {
        send("direct:move", "");
        web.failDeployment().tasks(0, 0);
        clock.advance(Duration.ofMinutes(2));
        ecs.clear();

        Exchange moved = send("direct:move", "");
        assertThat(outcome(moved)).isEqualTo("move-failed");
        assertThat(detail(moved)).startsWith("The deployment that moves it to on-demand failed: 3 of 4 tasks run.");
        changesNothing();
    }

    @Test
    void thePlanOfAMoveSaysWhatItCosts() {
        web.event("(service web) was unable to place a task. Reason: Capacity is unavailable at this time.");
        clock.advance(Duration.ofMinutes(2));

        Exchange planned = send("direct:plan-move", "");

        assertThat(outcome(planned)).isEqualTo("planned");
        assertThat(plan(planned))
                .isEqualTo("prod/web: 3 of 4 tasks are running. ECS could not place a task on 2026-11-20 at 10:00 UTC."
                        + " Moving it to on-demand starts a deployment that replaces 4 tasks, from the first task on"
                        + " FARGATE, then 4 of 5 on FARGATE_SPOT and 1 of 5 on FARGATE to all tasks on FARGATE. Tasks"
                        + " that run on Spot now are replaced too, and cost the on-demand price then. It goes back by"
                        + " itself on 2026-11-20 at 10:32 UTC at the earliest.");
        assertThat(planned.getMessage().getHeader(EcsServiceEndpoint.CONFIRM)).isEqualTo(KEPT + ">" + MOVED);
        changesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BLUE_GREEN", "LINEAR", "CANARY"})
    void thePlanSaysThatADeploymentShiftsTraffic(String strategy) {
        web.strategy(strategy);
        String shifts = " Its deployments shift traffic (" + strategy + "), with hooks and bake times.";

        assertThat(plan(send("direct:plan-move", ""))).endsWith(shifts);
        moved();
        assertThat(plan(send("direct:plan-back", ""))).endsWith(shifts);
    }

    @Test
    void aMoveThatWasConfirmedIsMadeOnce() {
        Exchange first = send("direct:move", KEPT + ">" + MOVED);

        assertThat(outcome(first)).isEqualTo("updated");
        assertThat(detail(first))
                .isEqualTo("ECS started a deployment that moves prod/web to on-demand; 4 tasks are replaced. It goes"
                        + " back on 2026-11-20 at 10:30 UTC at the earliest.");
        assertThat(first.getMessage().getHeader(EcsServiceEndpoint.NEXT, Integer.class))
                .as("a follow-up is due")
                .isBetween(1, 900);
        assertThat(tag()).startsWith("on-demand " + KEPT);

        Exchange copy = send("direct:move", KEPT + ">" + MOVED);
        assertThat(outcome(copy)).isEqualTo("updated");
        assertThat(detail(copy)).startsWith("prod/web was moved already.");
        assertThat(updates()).hasSize(1);
    }

    @Test
    void aMoveThatDiedAfterTheTagIsFinishedByItsCopy() {
        ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.SERVER_ERROR);
        assertThat(send("direct:move", KEPT + ">" + MOVED).getException())
                .hasMessageStartingWith("moving to on-demand prod/web: ECS answered")
                .hasMessageEndingWith(
                        "its tag is set, and ECS may have made the change all the same. Ask again: it is not"
                                + " made twice");
        assertThat(tag()).startsWith("on-demand");

        assertThat(outcome(send("direct:move", KEPT + ">" + MOVED))).isEqualTo("updated");
        assertThat(web.capacity()).extracting(c -> c.weight()).containsExactly(1, 0);
    }

    @Test
    void whatIsNotAsItWasConfirmedIsLeftAlone() {
        Exchange late = send("direct:move", "FARGATE_SPOT:0:1>FARGATE:0:1/FARGATE_SPOT:0:0");

        assertThat(outcome(late)).isEqualTo("changed");
        assertThat(detail(late)).startsWith("Nothing was changed");
        changesNothing();
    }

    @Test
    void oneThatIsOnDemandIsNotMovedAgain() {
        moved();

        Exchange again = send("direct:plan-move", "");

        assertThat(outcome(again)).isEqualTo("on-demand");
        assertThat(detail(again)).startsWith("prod/web already runs on-demand.");
        assertThat(plan(again)).isNull();
        assertThat(outcome(send("direct:move", ""))).isEqualTo("on-demand");
        changesNothing();
    }

    @Test
    void aDeploymentThatGoesOnIsNotDisturbed() {
        web.deployment(Duration.ofMinutes(1), "IN_PROGRESS");

        Exchange during = send("direct:move", "");

        assertThat(outcome(during)).isEqualTo("in-progress");
        assertThat(detail(during)).contains("is in progress", "A second one would disturb it.");
        changesNothing();
    }

    @Test
    void aServiceThatCannotMoveIsToldWhy() {
        ecs.addService("prod", "old").desiredCount(1).launchType("FARGATE");
        ecs.addService("prod", "on").desiredCount(1).capacity("FARGATE", 0, 1);
        web.desiredCount(0);

        assertThat(detail(send("direct:move", ""))).contains("desired count", "0");
        web.desiredCount(4).deploymentController("CODE_DEPLOY");
        assertThat(detail(send("direct:move", ""))).contains("CodeDeploy");
        ecs.removeService("prod", "web");
        assertThat(detail(send("direct:move", ""))).contains("The service prod/web was not found");
        changesNothing();
    }

    @Test
    void aPersonTakesItBackBeforeItsTime() {
        moved();

        Exchange planned = send("direct:plan-back", "");
        assertThat(plan(planned))
                .startsWith("prod/web: 4 of 4 tasks are running, on-demand because Spot was short on 2026-11-20 at")
                .contains(
                        "replaces 4 tasks, from all tasks on FARGATE to the first task on FARGATE, then 4 of 5",
                        "twice as long");
        Exchange back = send("direct:back", planned.getMessage().getHeader(EcsServiceEndpoint.CONFIRM, String.class));

        assertThat(outcome(back)).isEqualTo("updated");
        assertThat(detail(back)).contains("takes prod/web back to the first task on FARGATE", "4 tasks are replaced.");
        assertThat(tag()).startsWith("returned " + KEPT);
        assertThat(updates()).hasSize(1);
    }

    @Test
    void whatWasNeverMovedIsNotTakenBack() {
        Exchange back = send("direct:plan-back", "");

        assertThat(plan(back)).isNull();
        assertThat(detail(back)).isEqualTo("prod/web was not moved to on-demand, so there is nothing to move back.");
        changesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"move", "back"})
    void theTagOfOneThatSomebodyChangedIsRemovedWhenThatIsConfirmed(String wish) {
        web.tag(
                FailoverTag.KEY,
                "on-demand FARGATE_SPOT:0:1 since 2026-11-20T09:00:00Z until 2026-11-20T09:30:00Z calm 30");

        Exchange planned = send("direct:plan-" + wish, "");
        assertThat(plan(planned))
                .contains("neither its own nor as we left it", "only the tag ecs-steward:failover is removed")
                .doesNotContain("was removed");
        changesNothing();
        String confirm = planned.getMessage().getHeader(EcsServiceEndpoint.CONFIRM, String.class);
        Exchange made = send("direct:" + wish, confirm);

        assertThat(detail(made)).contains("the tag ecs-steward:failover was removed");
        assertThat(tag()).isNull();
        assertThat(detail(send("direct:" + wish, confirm))).isNotNull();
        assertThat(updates()).as("nobody confirmed a deployment").isEmpty();
    }

    @Test
    void oneThatIsDueToGoBackIsNotSaidToHaveGone() {
        web = ecs.addService("prod", "web")
                .desiredCount(4)
                .capacity("FARGATE", 1, 1)
                .capacity("FARGATE_SPOT", 0, 0)
                .deployment(Duration.ofDays(1), "COMPLETED")
                .tasks(4, 0);
        web.tag(FailoverTag.KEY, "returned " + KEPT + " since 2026-11-20T09:50:00Z until 2026-11-20T10:50:00Z calm 30");

        for (String to : List.of("direct:plan-move", "direct:move")) {
            assertThat(detail(send(to, "")))
                    .isEqualTo("Nothing was changed. prod/web runs on-demand already; it goes back to Spot"
                            + " at the next check. After that you can move it again.");
        }
        changesNothing();
    }

    @Test
    void oneThatIsDueToMoveIsNotSaidToHaveMoved() {
        web.tag("ecs-steward:spot", "failover");
        web.tag(
                FailoverTag.KEY,
                "on-demand " + KEPT + " since 2026-11-20T09:50:00Z until 2026-11-20T10:20:00Z calm 30");
        web.tasks(2, 0);

        for (String to : List.of("direct:plan-back", "direct:back")) {
            assertThat(detail(send(to, "")))
                    .isEqualTo("Nothing was changed. prod/web has its own capacity provider strategy, so there is"
                            + " nothing to take back; it moves to on-demand at the next check. 2 of 4 tasks"
                            + " are running.");
        }
        changesNothing();
    }

    @Test
    void aTagThatNobodyCanReadIsLeftAlone() {
        web.tag(FailoverTag.KEY, "on-demand for ever");

        assertThat(detail(send("direct:back", ""))).contains("remove the tag");
        assertThat(detail(send("direct:move", ""))).contains("remove the tag");
        changesNothing();
    }

    @Test
    void twoPeopleAtOnceMoveItOnce() throws Exception {
        Gate gate = ecs.hold(FakeEcs.UPDATE_SERVICE, 1);
        CompletableFuture<Exchange> first = CompletableFuture.supplyAsync(() -> send("direct:move", ""));
        gate.awaitArrivals(1, Duration.ofSeconds(10));

        assertThat(send("direct:move", "").getException()).isInstanceOf(ClaimHeldException.class);
        gate.open();
        assertThat(outcome(first.get(10, TimeUnit.SECONDS))).isEqualTo("updated");
        assertThat(updates()).hasSize(1);
    }

    @Test
    void whatEcsRefusesLeavesNoTag() {
        ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.ACCESS_DENIED);

        assertThat(send("direct:move", "").getException()).hasMessageContaining("AccessDeniedException");
        assertThat(tag()).isNull();
    }

    @Test
    void whatCannotBeTaggedIsNotMoved() {
        ecs.fail(FakeEcs.TAG_RESOURCE, 1, FakeEcs.ACCESS_DENIED);

        assertThat(send("direct:move", "").getException())
                .hasMessageContaining("nothing was moved")
                .hasMessageContaining("AccessDeniedException");
        assertThat(updates()).isEmpty();
    }
}
