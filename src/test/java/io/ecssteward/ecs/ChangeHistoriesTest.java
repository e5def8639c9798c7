package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService.Deployment;
import io.ecssteward.testing.FakeService.Past;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.camel.Exchange;

/** People press buttons while others deploy, deployments fail, and calls are lost. */
class ChangeHistoriesTest extends RedeployHistories {

    private int revision;

    /** Each confirmation that was sent, and how many updates it led to. */
    private final Map<Object, Integer> updatesOf = new HashMap<>();

    private final List<Map.Entry<String, Object>> clicks = new ArrayList<>();

    private record Step(int seconds, String what, int number) {}

    @Override
    String steps() {
        return EcsRoutes.step("direct:plan-redeploy", "", "ecs-service:plan", "change: redeploy")
                + EcsRoutes.step("direct:plan-roll-back", "", "ecs-service:plan", "change: roll-back")
                + EcsRoutes.step("direct:redeploy", "", "ecs-service:redeploy", "expect: ${body.text}")
                + EcsRoutes.step("direct:roll-back", "", "ecs-service:roll-back", "expect: ${body.text}");
    }

    @BeforeTry
    void forget() {
        revision = 1;
        updatesOf.clear();
        clicks.clear();
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 240),
                        Arbitraries.frequency(
                                Tuple.of(4, "roll-back"),
                                Tuple.of(2, "redeploy"),
                                Tuple.of(3, "again"),
                                Tuple.of(2, "deploy"),
                                Tuple.of(3, "complete"),
                                Tuple.of(2, "tasks fail"),
                                Tuple.of(1, "deployment fails"),
                                Tuple.of(2, "answer is lost"),
                                Tuple.of(1, "hang up"),
                                Tuple.of(1, "throttle"),
                                Tuple.of(1, "deregister")),
                        Arbitraries.integers().between(0, 9))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void everyConfirmationIsDoneOnceAtMostAndNeverDoesHarm(@ForAll("histories") List<Step> steps) {
        for (Step step : steps) {
            clock.advance(Duration.ofSeconds(step.seconds()));
            switch (step.what()) {
                case "roll-back", "redeploy" -> confirm(step.what());
                case "again" -> again(step.number());
                case "deploy" -> web.taskDefinition("web:" + ++revision).deployment(Duration.ZERO, "IN_PROGRESS");
                case "complete" -> web.completeDeployment();
                case "tasks fail" -> tasksFail(step.number());
                case "deployment fails" -> fails();
                case "answer is lost" -> ecs.loseAnswer(FakeEcs.UPDATE_SERVICE, 1);
                case "hang up" -> ecs.hangUp(FakeEcs.UPDATE_SERVICE, 1);
                case "throttle" -> ecs.fail(FakeEcs.LIST_SERVICE_DEPLOYMENTS, 1, FakeEcs.THROTTLED);
                default -> ecs.taskDefinitionStatus("web:" + (1 + step.number() % revision), "INACTIVE");
            }
        }
        assertThat(updatesOf.values()).allMatch(count -> count <= 1);
    }

    private void tasksFail(int count) {
        if ("IN_PROGRESS".equals(web.deployments().get(0).rolloutState())) {
            web.failedTasks(count);
        }
    }

    private void fails() {
        if ("IN_PROGRESS".equals(web.deployments().get(0).rolloutState())) {
            web.failDeployment();
        }
    }

    private void confirm(String change) {
        Exchange plan = routes.send("direct:plan-" + change, Events.click("U1", change, "", clock.instant()));
        String expect = plan.getMessage().getHeader(EcsServiceEndpoint.CONFIRM, String.class);
        if (plan.getException() == null && expect != null) {
            clock.advance(Duration.ofSeconds(20));
            clicks.add(Map.entry(change, Events.click("U1", change, expect, clock.instant())));
            clock.advance(Duration.ofSeconds(1));
            again(clicks.size() - 1);
        }
    }

    /** The queue delivers a click, for the first time or once more. */
    private void again(int number) {
        if (clicks.isEmpty()) {
            return;
        }
        Map.Entry<String, Object> click = clicks.get(number % clicks.size());
        Deployment before = web.deployments().get(0);
        List<String> completed = web.history().stream()
                .filter(past -> past.status().equals("SUCCESSFUL"))
                .map(Past::taskDefinition)
                .toList();
        int updates = ecs.done(FakeEcs.UPDATE_SERVICE).size();

        routes.send("direct:" + click.getKey(), click.getValue());

        List<FakeEcs.Call> done = ecs.done(FakeEcs.UPDATE_SERVICE);
        if (done.size() > updates) {
            assertThat(done).hasSize(updates + 1);
            updatesOf.merge(click.getValue(), 1, Integer::sum);
            assertThat(before.rolloutState().equals("IN_PROGRESS") && before.failedTasks() == 0)
                    .as("a deployment that does well was disturbed: %s", before)
                    .isFalse();
            String to = done.get(updates).request().path("taskDefinition").asText();
            assertThat(to.isEmpty() || completed.contains(to.substring(to.lastIndexOf('/') + 1)))
                    .as("%s completed before", to)
                    .isTrue();
        }
    }
}
