package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.event.SlackAction;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.Gate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person redeploys a service: Spot's rules do not hold, and nothing is done that does harm. */
class RedeployByHandTest extends EcsRoutes {

    private FakeService web;

    @BeforeEach
    void begin() throws Exception {
        MemoryClaimStore store = new MemoryClaimStore(clock);
        ClaimRepository claims = new ClaimRepository();
        claims.setCoolDown(Duration.ofMinutes(10));
        claims.setReason("cooldown");
        claims.setStore(store);
        claims.setCamelContext(routes.camel());
        routes.bind("ecsClient", ecs.client()).bind("store", store).bind("redeploy-claims", claims);
        web = ecs.addService("prod", "web").desiredCount(4).tag("ecs-steward:spot", "observe");
        web.deployment(Duration.ofDays(1), "COMPLETED");
        routes.start(step("direct:plan", "", "ecs-service:plan", "change: redeploy")
                + step("direct:spot", "", "ecs-service:redeploy")
                + step("direct:act", "", "ecs-service:redeploy", "expect: ${body.text}"));
    }

    private Object click(String user) {
        Object click = Events.click(user, "redeploy", "web:1>web:1", clock.instant());
        clock.advance(Duration.ofSeconds(1));
        return click;
    }

    private Exchange redeploy(String user) {
        return routes.send("direct:act", click(user));
    }

    private static String detail(Exchange exchange) {
        return exchange.getMessage().getHeader(EcsServiceEndpoint.DETAIL, String.class);
    }

    @Test
    void saysFirstWhatItWillDo() {
        Exchange plan = routes.send("direct:plan", click("U1"));

        assertThat(plan.getMessage().getHeader(EcsServiceEndpoint.PLAN))
                .isEqualTo(
                        "prod/web: 4 of 4 tasks are running web:1, whose deployment began on 2026-11-19 at 10:00 UTC."
                                + " Redeploying starts a deployment of the same web:1; 4 tasks are replaced.");
        assertThat(plan.getMessage().getHeader(EcsServiceEndpoint.CONFIRM)).isEqualTo("web:1>web:1");
        assertThat(updates()).isEmpty();
    }

    @Test
    void theSameClickOnceMoreChangesNothing() {
        Object click = click("U1");

        assertThat(detail(routes.send("direct:act", click)))
                .isEqualTo("ECS started a deployment of web:1 to prod/web; 4 tasks are replaced.");
        Exchange copy = routes.send("direct:act", click);

        assertThat(outcome(copy)).isEqualTo("updated");
        assertThat(detail(copy)).isEqualTo("A deployment of web:1 to prod/web began on 2026-11-20 at 10:00 UTC.");
        web.completeDeployment();
        assertThat(outcome(routes.send("direct:act", click))).isEqualTo("updated");
        assertThat(updates()).hasSize(1);
        assertThat(updates().get(0).has("taskDefinition")).isFalse();
    }

    @Test
    void aPersonNeedNotWaitForTheCoolDownButForTheDeployment() {
        web.tag("ecs-steward:spot", "redeploy");
        assertThat(outcome(routes.send("direct:spot", interrupted()))).isEqualTo("updated");
        clock.advance(Duration.ofSeconds(30));

        Exchange during = redeploy("U1");
        assertThat(outcome(during)).isEqualTo("in-progress");
        assertThat(detail(during))
                .isEqualTo(
                        "A deployment of web:1 to prod/web is in progress, begun on 2026-11-20 at 10:00 UTC: 0 of 4 tasks"
                                + " are running. A second one would disturb it.");
        web.completeDeployment();
        assertThat(outcome(redeploy("U1"))).isEqualTo("updated");
        assertThat(updates()).hasSize(2);
    }

    @Test
    void spotWaitsAfterAPersonsRedeployment() {
        web.tag("ecs-steward:spot", "redeploy");
        redeploy("U1");
        web.completeDeployment();
        clock.advance(Duration.ofMinutes(1));

        assertThat(outcome(routes.send("direct:spot", interrupted()))).isEqualTo("cooldown");
    }

    @Test
    void twoPeopleAtOnceStartOneDeploymentAlsoInTheCoolDown() throws Exception {
        redeploy("U0");
        web.completeDeployment();
        ecs.clear();
        Gate gate = ecs.hold(FakeEcs.UPDATE_SERVICE, 1);
        CompletableFuture<Exchange> first = CompletableFuture.supplyAsync(() -> redeploy("U1"));
        gate.awaitArrivals(1, Duration.ofSeconds(10));
        Object second = click("U2");

        assertThat(routes.send("direct:act", second).getException()).isInstanceOf(ClaimHeldException.class);
        gate.open();
        assertThat(outcome(first.get(10, TimeUnit.SECONDS))).isEqualTo("updated");

        Exchange again = routes.send("direct:act", second);
        assertThat(outcome(again)).isEqualTo("updated");
        assertThat(detail(again)).startsWith("A deployment of web:1 to prod/web began");
        assertThat(updates()).hasSize(1);
    }

    @Test
    void whoDiesAtItLetsTheNextTryAfterTheLease() {
        MemoryClaimStore store = routes.camel().getRegistry().lookupByNameAndType("store", MemoryClaimStore.class);
        String arn = web.arn().replace(":service/", ":cluster/").replace("/web", "");
        store.claim("change/" + arn + "/web", "dead", Duration.ofMinutes(1), Duration.ZERO);
        Object click = click("U1");

        assertThat(routes.send("direct:act", click).getException()).isInstanceOf(ClaimHeldException.class);
        clock.advance(Duration.ofMinutes(2));
        assertThat(outcome(routes.send("direct:act", click))).isEqualTo("updated");
    }

    @ParameterizedTest
    @CsvSource({
        "CODE_DEPLOY, ACTIVE, 4, external-controller, only CodeDeploy can start a deployment",
        "EXTERNAL, ACTIVE, 4, external-controller, An external controller deploys prod/web",
        "ECS, DRAINING, 4, service-inactive, is being deleted",
        "ECS, ACTIVE, 0, scaled-to-zero, somebody stopped it",
    })
    void doesNoHarm(String controller, String status, int count, String reason, String sentence) {
        web.deploymentController(controller).status(status).desiredCount(count);

        Exchange refused = redeploy("U1");

        assertThat(outcome(refused)).isEqualTo(reason);
        assertThat(detail(refused)).contains(sentence);
        assertThat(updates()).isEmpty();
    }

    @Test
    void whoNamesNoServiceIsAskedForOne() {
        Object nothing = Events.read(SlackAction.message(
                "U1/redeploy/1",
                clock.instant(),
                JsonNodeFactory.instance.objectNode().put("action", "redeploy").put("user", "U1")));

        Exchange refused = routes.send("direct:act", nothing);

        assertThat(outcome(refused)).isEqualTo("no-service");
        assertThat(detail(refused)).isEqualTo("No service is named. Name one as CLUSTER/SERVICE.");
    }
}
