package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.runtime.DryRunEcs;
import io.ecssteward.stub.StubEcs;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.FakeService.Deployment;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person rolls a service back, and is told first what that does. */
class RollBackTest extends EcsRoutes {

    private static final String CONFIRMED = "web:43>web:42";

    private FakeService web;

    /** Version 41, 42 and 43 were deployed; the last of them has no end yet. */
    @BeforeEach
    void deploy() throws Exception {
        web = ecs.addService("prod", "web").desiredCount(4).forgetHistory();
        web.taskDefinition("web:41").deployment(Duration.ofDays(9), "COMPLETED");
        web.taskDefinition("web:42").deployment(Duration.ofDays(3), "COMPLETED");
        web.taskDefinition("web:43").deployment(Duration.ofHours(1), "IN_PROGRESS");
        routes.bind("ecsClient", ecs.client());
        routes.start(step("direct:plan", "", "ecs-service:plan", "change: roll-back")
                + step("direct:act", "", "ecs-service:roll-back", "expect: ${body.text}"));
    }

    /** What somebody presses at this moment. */
    private Object click(String text) {
        return Events.click("U1", "roll-back", text, clock.instant());
    }

    private Exchange plan() {
        return routes.send("direct:plan", click(""));
    }

    /** Presses and lets a second pass, as it does before ECS has begun. */
    private Exchange rollBack(String text) {
        Object click = click(text);
        clock.advance(Duration.ofSeconds(1));
        return routes.send("direct:act", click);
    }

    private static String header(Exchange exchange, String name) {
        return exchange.getMessage().getHeader(name, String.class);
    }

    private static String detail(Exchange exchange) {
        return header(exchange, EcsServiceEndpoint.DETAIL);
    }

    private void refuses(String reason, String sentence) {
        for (Exchange answer : List.of(plan(), rollBack(""))) {
            assertThat(outcome(answer)).isEqualTo(reason);
            assertThat(detail(answer)).contains(sentence);
            assertThat(header(answer, EcsServiceEndpoint.PLAN)).isNull();
            assertThat(skipped(answer)).containsExactly(reason + " (roll-back/prod/web)");
        }
        assertThat(updates()).isEmpty();
    }

    @Test
    void saysFirstWhatItWillDo() {
        web.failDeployment();

        Exchange plan = plan();

        assertThat(outcome(plan)).isEqualTo("planned");
        assertThat(header(plan, EcsServiceEndpoint.PLAN))
                .isEqualTo(
                        "prod/web: 0 of 4 tasks are running web:43, whose deployment began on 2026-11-20 at 09:00 UTC and"
                                + " failed. Rolling back starts a deployment of web:42, which completed on 2026-11-17 at 10:02 UTC;"
                                + " 4 tasks are replaced. What changes: app: image web:1.43 is now web:1.42.");
        assertThat(header(plan, EcsServiceEndpoint.CONFIRM)).isEqualTo(CONFIRMED);
        assertThat(updates()).isEmpty();
    }

    @Test
    void goesBackToTheLastDeploymentThatCompletedAndChangesNothingElse() {
        web.failDeployment();

        Exchange done = rollBack(CONFIRMED);

        assertThat(outcome(done)).isEqualTo("updated");
        assertThat(detail(done))
                .isEqualTo(
                        "ECS started a deployment that takes prod/web back from web:43 to web:42; 4 tasks are replaced.");
        assertThat(updates()).singleElement().satisfies(request -> {
            assertThat(request.fieldNames()).toIterable().containsExactly("cluster", "service", "taskDefinition");
            assertThat(request.path("taskDefinition").asText()).endsWith(":task-definition/web:42");
        });
        assertThat(web.deployments().get(0).taskDefinition()).isEqualTo("web:42");
    }

    @Test
    void fromADeploymentThatCompletedAndIsBadAllTheSame() {
        web.completeDeployment();

        assertThat(header(plan(), EcsServiceEndpoint.CONFIRM)).isEqualTo(CONFIRMED);
        rollBack(CONFIRMED);

        assertThat(web.deployments()).extracting(Deployment::taskDefinition).containsExactly("web:42", "web:43");
    }

    @Test
    void aSecondRollBackGoesFurtherBackAndNotForthToWhatTheFirstLeft() {
        web.completeDeployment();
        rollBack(CONFIRMED);
        web.completeDeployment();

        assertThat(header(plan(), EcsServiceEndpoint.CONFIRM)).isEqualTo("web:42>web:41");
        rollBack("web:42>web:41");
        web.completeDeployment();

        assertThat(outcome(plan())).isEqualTo("nothing-completed");
    }

    @Test
    void redeploymentsOfTheSameTaskDefinitionAreNoWayBack() {
        web.completeDeployment();
        for (int i = 0; i < 30; i++) {
            web.deployment(Duration.ofMinutes(50 - i), "COMPLETED");
        }

        assertThat(header(plan(), EcsServiceEndpoint.CONFIRM)).isEqualTo(CONFIRMED);
    }

    @Test
    void whatWasDeployedByAnOlderRevisionAndFailedGoesToTheLastThatCompleted() {
        web.completeDeployment();
        web.taskDefinition("web:40").deployment(Duration.ofMinutes(5), "FAILED");

        assertThat(header(plan(), EcsServiceEndpoint.CONFIRM)).isEqualTo("web:40>web:43");
    }

    @Test
    void fromADeploymentInProgressWhoseTasksFail() {
        web.failedTasks(3);

        assertThat(header(plan(), EcsServiceEndpoint.PLAN))
                .contains("began on 2026-11-20 at 09:00 UTC and is in progress.");
        assertThat(outcome(rollBack(CONFIRMED))).isEqualTo("updated");
    }

    @Test
    void fromADeploymentInProgressWhoseTasksStartAndStopAgain() {
        ObjectNode events = JsonNodeFactory.instance.objectNode();
        events.putArray("events")
                .addObject()
                .put("createdAt", clock.instant().getEpochSecond())
                .put("message", "(service web) is unable to consistently start tasks successfully.");
        web.described(events);

        assertThat(header(plan(), EcsServiceEndpoint.CONFIRM)).isEqualTo(CONFIRMED);
    }

    @Test
    void notFromADeploymentInProgressThatDoesWell() {
        refuses(
                "in-progress",
                "A deployment of web:43 to prod/web is in progress, begun on 2026-11-20 at 09:00 UTC: 0 of 4 tasks are running."
                        + " None of its tasks has failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BLUE_GREEN", "LINEAR", "CANARY"})
    void notWhileTrafficIsShifted(String strategy) {
        web.strategy(strategy).failedTasks(3);
        refuses("in-progress", "stop that deployment in ECS");
        web.completeDeployment();
        assertThat(header(plan(), EcsServiceEndpoint.PLAN))
                .endsWith("Its deployments shift traffic (" + strategy + "), with hooks and bake times.");
    }

    @Test
    void notWhenEcsDoesSoOrHasDoneSo() {
        web.failsEvery(Duration.ofMinutes(10)).deploysIn(Duration.ofHours(1), Duration.ZERO);
        refuses(
                "rolled-back",
                "ECS is rolling prod/web back already. A deployment of web:42 to prod/web is in progress");
        clock.advance(Duration.ofHours(1));
        refuses(
                "rolled-back",
                "ECS has rolled prod/web back already, to web:42. Before that, web:41 completed on 2026-11-11 at 10:02 UTC.");
    }

    @Test
    void notWhereNothingElseCompleted() {
        web.forgetHistory().deployment(Duration.ofHours(1), "COMPLETED");
        refuses(
                "nothing-completed",
                "no deployment of an earlier task definition than web:43 completed in the last 90 days");
    }

    @Test
    void toWhatStillRunsFromBeforeEcsKeptItsHistory() {
        web.failDeployment().forgetHistory();

        assertThat(header(plan(), EcsServiceEndpoint.CONFIRM)).isEqualTo(CONFIRMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INACTIVE", "DELETE_IN_PROGRESS", "DELETED"})
    void notToATaskDefinitionThatWasDeregistered(String status) {
        web.failDeployment();
        ecs.taskDefinitionStatus("web:42", status);
        refuses("task-definition-inactive", "web:42, which has been deregistered.");
    }

    @ParameterizedTest
    @CsvSource({
        "CODE_DEPLOY, ACTIVE, 4, external-controller, only CodeDeploy can start a deployment",
        "EXTERNAL, ACTIVE, 4, external-controller, An external controller deploys prod/web",
        "ECS, DRAINING, 4, service-inactive, is being deleted",
        "ECS, INACTIVE, 4, service-inactive, is being deleted",
        "ECS, ACTIVE, 0, scaled-to-zero, The desired count of prod/web is 0",
    })
    void notAServiceThatIsNotOursToDeploy(String controller, String status, int count, String reason, String sentence) {
        web.deploymentController(controller).status(status).desiredCount(count);
        refuses(reason, sentence);
    }

    @Test
    void notAServiceThatIsGone() {
        ecs.removeService("prod", "web");
        refuses("service-not-found", "The service prod/web was not found in ECS; it may have been deleted.");
    }

    @Test
    void theSameClickOnceMoreChangesNothing() {
        web.failDeployment();
        Object click = click(CONFIRMED);
        clock.advance(Duration.ofSeconds(1));
        routes.send("direct:act", click);
        clock.advance(Duration.ofMinutes(1));

        Exchange copy = routes.send("direct:act", click);

        assertThat(outcome(copy)).isEqualTo("updated");
        assertThat(detail(copy)).isEqualTo("A deployment of web:42 to prod/web began on 2026-11-20 at 10:00 UTC.");
        assertThat(updates()).hasSize(1);
    }

    @Test
    void whatWasConfirmedIsWhatHappens() {
        web.failDeployment();
        Object click = click(CONFIRMED);
        clock.advance(Duration.ofMinutes(1));
        web.taskDefinition("web:44").deployment(Duration.ZERO, "COMPLETED");

        Exchange late = routes.send("direct:act", click);

        assertThat(outcome(late)).isEqualTo("changed");
        assertThat(detail(late))
                .isEqualTo("Nothing was changed, because the service has changed since you confirmed."
                        + " A deployment of web:44 to prod/web began on 2026-11-20 at 10:01 UTC.");
        assertThat(updates()).isEmpty();
    }

    @Test
    void aTargetThatWasNotConfirmedIsRefused() {
        web.failDeployment();
        assertThat(outcome(rollBack("web:43>web:41"))).isEqualTo("changed");
        assertThat(updates()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FakeEcs.DESCRIBE_SERVICES,
                FakeEcs.LIST_SERVICE_DEPLOYMENTS,
                FakeEcs.DESCRIBE_SERVICE_REVISIONS,
                FakeEcs.DESCRIBE_TASK_DEFINITION,
                FakeEcs.UPDATE_SERVICE
            })
    void whatEcsAnswersIsSaidInPlainWords(String operation) {
        web.failDeployment();
        ecs.fail(operation, 1, FakeEcs.ACCESS_DENIED);
        assertThat(rollBack(CONFIRMED).getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessageContaining("ECS answered AccessDeniedException: User: arn:aws:sts::")
                .hasMessageContaining("web");
        ecs.fail(operation, 1, FakeEcs.THROTTLED);
        assertThat(rollBack(CONFIRMED).getException()).isInstanceOf(TransientFailureException.class);
        ecs.hangUp(operation, 1);
        assertThat(rollBack(CONFIRMED).getException()).isInstanceOf(TransientFailureException.class);
        assertThat(web.deployments().get(0).taskDefinition()).isEqualTo("web:43");
        assertThat(outcome(rollBack(CONFIRMED))).isEqualTo("updated");
    }

    @Test
    void anAnswerThatIsLostLeadsToNoSecondDeployment() {
        web.failDeployment();
        Object click = click(CONFIRMED);
        clock.advance(Duration.ofSeconds(1));
        ecs.loseAnswer(FakeEcs.UPDATE_SERVICE, 1);

        assertThat(routes.send("direct:act", click).getException()).isInstanceOf(TransientFailureException.class);
        assertThat(outcome(routes.send("direct:act", click))).isEqualTo("updated");

        assertThat(updates()).hasSize(1);
    }

    @Test
    void aDryRunSaysTheSameAndChangesNothing() throws Exception {
        web.failDeployment();
        try (YamlRoutes dry = new YamlRoutes().bind("ecsClient", DryRunEcs.of(ecs.client()))) {
            dry.start(step("direct:plan", "", "ecs-service:plan", "change: roll-back")
                    + step("direct:act", "", "ecs-service:roll-back", "expect: ${body.text}"));

            assertThat(header(dry.send("direct:plan", click("")), EcsServiceEndpoint.CONFIRM))
                    .isEqualTo(CONFIRMED);
            assertThat(outcome(dry.send("direct:act", click(CONFIRMED)))).isEqualTo("updated");
        }
        assertThat(updates()).isEmpty();
    }

    @Test
    void aReplayPlansAndRollsBackWithoutAws() throws Exception {
        try (YamlRoutes replay = new YamlRoutes().bind("ecsClient", new StubEcs())) {
            replay.start(step("direct:plan", "", "ecs-service:plan", "change: roll-back")
                    + step("direct:act", "", "ecs-service:roll-back", "expect: ${body.text}"));

            Exchange plan = replay.send("direct:plan", click(""));
            assertThat(header(plan, EcsServiceEndpoint.PLAN))
                    .isEqualTo(
                            "prod/web: 2 of 2 tasks are running web:2. Rolling back starts a deployment of web:1; 2 tasks"
                                    + " are replaced. What changes: app: image web:2 is now web:1.");
            Exchange done = replay.send("direct:act", click(header(plan, EcsServiceEndpoint.CONFIRM)));
            assertThat(outcome(done)).isEqualTo("updated");
            assertThat(EventOutcome.of(done).performed())
                    .singleElement()
                    .satisfies(action -> assertThat(
                                    action.request().path("taskDefinition").asText())
                            .endsWith(":task-definition/web:1"));
        }
    }

    @Test
    void anotherEventMayRollBackAndThenTheCoolDownHolds() throws Exception {
        MemoryClaimStore store = new MemoryClaimStore(clock);
        try (YamlRoutes mine = new YamlRoutes()) {
            ClaimRepository claims = new ClaimRepository();
            claims.setReason("cooldown");
            claims.setStore(store);
            claims.setCamelContext(mine.camel());
            mine.bind("ecsClient", ecs.client()).bind("redeploy-claims", claims);
            mine.start(step("direct:act", "", "ecs-service:roll-back", "coolDown: 1h"));
            web.completeDeployment();

            Object event = interrupted();
            clock.advance(Duration.ofSeconds(1));
            assertThat(outcome(mine.send("direct:act", event))).isEqualTo("updated");
            web.completeDeployment();
            clock.advance(Duration.ofMinutes(10));
            assertThat(outcome(mine.send("direct:act", interrupted()))).isEqualTo("cooldown");
            clock.advance(Duration.ofHours(1));
            assertThat(outcome(mine.send("direct:act", interrupted()))).isEqualTo("updated");
        }
        assertThat(web.deployments().get(0).taskDefinition()).isEqualTo("web:41");
    }
}
