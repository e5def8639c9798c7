package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.event.FollowUp;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service without Fargate Spot capacity: the work of the routes, over SQS. */
class CapacityTest {

    private static final String UNPLACED = "service-placement-failure-no-spot-capacity";
    private static final String CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod";
    private static final String TAG = "ecs-steward:failover";

    private final RunningSteward steward =
            RunningSteward.create().with("steward.spot.policies", "prod/web=failover", "steward.spot.sweep", "0s");
    private FakeService web;

    @AfterEach
    void close() {
        steward.close();
    }

    private int handled;

    /** The queue is never empty here: a look is on its way. */
    private void awaitHandled() {
        int expected = ++handled;
        RunningSteward.await(() -> steward.over().size() >= expected);
    }

    private void start() {
        steward.binding("clock", steward.clock);
        steward.clock.set(Instant.parse("2026-11-16T18:52:40Z"));
        steward.ecs.addCluster("prod", 3);
        web = steward.ecs.addService("prod", "web").capacity("FARGATE_SPOT", 0, 1);
        web.desiredCount(4).tasks(3, 0);
        steward.start();
    }

    private void unplaced() {
        steward.sendSample(UNPLACED);
        awaitHandled();
    }

    private void checkAfter(Duration time) {
        steward.clock.advance(time);
        steward.send(FollowUp.message("capacity", web.arn(), CLUSTER, steward.clock.instant()));
        awaitHandled();
    }

    /**
     * Whether the last look ended what people were told, which a webhook tells only when all of the incident is over.
     */
    private void isOver() {
        assertThat(steward.over().get(handled - 1).failure()).isNull();
        assertThat(steward.over().get(handled - 1).skipped()).doesNotContain("no-incident");
    }

    @Test
    void itMovesToOnDemandAndBackAndPeopleAreTold() {
        start();
        unplaced();

        assertThat(steward.updates())
                .singleElement()
                .satisfies(update -> assertThat(update.request().toString())
                        .isEqualTo("{\"cluster\":\"prod\",\"service\":\"web\",\"capacityProviderStrategy\":["
                                + "{\"capacityProvider\":\"FARGATE\",\"weight\":1,\"base\":0},"
                                + "{\"capacityProvider\":\"FARGATE_SPOT\",\"weight\":0,\"base\":0}],"
                                + "\"forceNewDeployment\":true}"));
        assertThat(web.tags().get(TAG))
                .isEqualTo("on-demand FARGATE_SPOT:0:1 since 2026-11-16T18:52:40Z until 2026-11-16T19:22:40Z calm 30");
        assertThat(steward.slack.texts())
                .contains("[FIRING] prod/web runs on-demand until 2026-11-16 19:22 UTC at least");
        assertThat(steward.slack.posts().toString()).contains("Fargate Spot has no capacity for it: 3 of 4 tasks run.");
        assertThat(steward.over().get(0).eventOutcome().toString())
                .contains("sqs SendMessage to check capacity again in 900 s");

        web.tasks(4, 0).completeDeployment();
        web.tasks(4, 0);
        checkAfter(Duration.ofMinutes(31));
        assertThat(steward.updates()).hasSize(2);
        assertThat(web.tags().get(TAG)).startsWith("returned FARGATE_SPOT:0:1 since 2026-11-16T19:23:40Z");

        web.completeDeployment();
        web.tasks(4, 0);
        checkAfter(Duration.ofMinutes(3));
        isOver();
        checkAfter(Duration.ofMinutes(60));
        assertThat(web.tags()).doesNotContainKey(TAG);
        assertThat(steward.updates()).hasSize(2);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void aMoveThatFailsIsToldOnceAndTakenBackWhenTheCalmTimeIsOver() {
        start();
        unplaced();
        web.failDeployment().tasks(0, 0);
        checkAfter(Duration.ofMinutes(15));
        checkAfter(Duration.ofMinutes(10));

        assertThat(steward.slack.texts())
                .filteredOn(text -> text.equals("[FIRING] prod/web could not move to on-demand"))
                .hasSize(1);
        assertThat(steward.slack.posts().toString())
                .contains("The deployment that moves it to on-demand failed: 3 of 4 tasks run.");
        assertThat(web.tags().get(TAG)).startsWith("on-demand");
        assertThat(steward.updates()).hasSize(1);

        checkAfter(Duration.ofMinutes(6));
        assertThat(web.tags().get(TAG)).startsWith("returned");
        assertThat(steward.updates()).hasSize(2);
    }

    @Test
    void whoeverPinsTheServiceToFargateKeepsIt() {
        start();
        unplaced();
        web.completeDeployment();
        steward.clock.advance(Duration.ofMinutes(10));
        steward.ecs
                .client()
                .updateService(r -> r.cluster("prod")
                        .service("web")
                        .capacityProviderStrategy(
                                c -> c.capacityProvider("FARGATE").weight(1))
                        .forceNewDeployment(true));
        int updates = steward.updates().size();
        web.completeDeployment();
        checkAfter(Duration.ofMinutes(31));

        isOver();
        assertThat(web.tags()).doesNotContainKey(TAG);
        checkAfter(Duration.ofHours(2));
        assertThat(steward.updates()).hasSize(updates);
        assertThat(web.capacity()).singleElement().hasToString("Capacity[provider=FARGATE, base=0, weight=1]");
    }

    @Test
    void aTaskThatCannotStartForWantOfSpotMovesItToo() {
        start();
        steward.clock.set(Instant.parse("2026-11-20T14:41:00Z"));
        steward.sendSample("task-failed-to-start-no-spot-capacity");
        awaitHandled();

        assertThat(steward.updates()).hasSize(1);
        assertThat(web.tags().get(TAG)).startsWith("on-demand FARGATE_SPOT:0:1 since 2026-11-20T14:41:00Z");
        assertThat(steward.slack.posts().toString())
                .contains("No capacity for prod/web", "Fargate Spot has no capacity for it: 3 of 4 tasks run.");
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void anInterruptionOfAServiceThatFailsOverStartsNoDeploymentAndIsCheckedAgain() {
        start();
        web.tasks(4, 0);
        steward.sendSample("task-spot-interrupted");
        awaitHandled();

        assertThat(steward.updates()).isEmpty();
        assertThat(steward.over().get(0).eventOutcome().toString())
                .as("when the notice of two minutes is over")
                .contains("sqs SendMessage to check capacity again in 151 s");
        assertThat(steward.slack.posts().toString()).contains("ECS replaces the task if Fargate Spot has capacity.");
        web.tasks(3, 0);
        checkAfter(Duration.ofSeconds(151));
        assertThat(steward.updates()).isEmpty();
        checkAfter(Duration.ofSeconds(150));
        assertThat(steward.updates()).hasSize(1);
    }

    @Test
    void anInterruptionWhoseCapacityStepIsRefusedIsToldAllTheSameAndOnce() {
        start();
        web.tag(
                TAG,
                "on-demand FARGATE:1:1/FARGATE_SPOT:0:4 since 2026-11-16T10:00:00Z until 2026-11-16T10:30:00Z calm 30");
        steward.ecs.fail(FakeEcs.UNTAG_RESOURCE, 100, FakeEcs.ACCESS_DENIED);
        for (int time = 0; time < 2; time++) {
            steward.sendSample("task-spot-interrupted");
            awaitHandled();
        }

        RunningSteward.await(() -> !steward.deadLetters().isEmpty());
        assertThat(steward.slack.posts())
                .extracting(post -> post.body().toString())
                .filteredOn(post -> post.contains("No new deployment was started. ECS refused:"))
                .hasSize(1)
                .allSatisfy(post -> assertThat(post).contains("AccessDeniedException"));
    }

    @Test
    void aServiceWithAnotherPolicyIsNotTouched() {
        steward.with("steward.spot.policies", "");
        start();
        unplaced();

        assertThat(steward.updates()).isEmpty();
        assertThat(steward.slack.texts()).containsExactly("[FIRING] prod/web cannot place a task");
        assertThat(steward.over().get(0).skipped()).isEmpty();
    }

    @Test
    void aServiceThatCannotBeTaggedIsNotMovedAndPeopleAreTold() {
        start();
        steward.ecs.fail(
                FakeEcs.TAG_RESOURCE,
                100,
                new AwsError("InvalidParameterException", 400, "Long arn format must be used for tagging operations"));
        unplaced();

        assertThat(steward.updates()).isEmpty();
        assertThat(steward.slack.posts().toString())
                .contains(
                        "prod/web cannot move between Fargate Spot and on-demand: tagging prod/web: ECS answered InvalidParameterException: Long arn format");
        RunningSteward.await(() -> steward.deadLetters().size() == 1);
    }

    @Test
    void aTagThatEcsThrottledIsSetAtTheNextTryAndTheServiceMoves() {
        start();
        steward.ecs.fail(FakeEcs.TAG_RESOURCE, 1, FakeEcs.THROTTLED);
        unplaced();

        assertThat(steward.updates()).hasSize(1);
        assertThat(web.tags().get(TAG)).startsWith("on-demand FARGATE_SPOT:0:1");
    }

    @Test
    void aServiceWithoutAStrategyIsToldWhyItIsNotMoved() {
        start();
        web.launchType("FARGATE");
        unplaced();

        assertThat(steward.updates()).isEmpty();
        assertThat(steward.slack.posts().toString())
                .contains("prod/web cannot move between Fargate Spot and on-demand: no-strategy");
        assertThat(steward.over().get(0).skipped()).contains("no-strategy");
    }

    @Test
    void whoeverChangesTheStrategyByHandIsLeftAloneAndTold() {
        start();
        unplaced();
        web.capacity("FARGATE_SPOT", 2, 1).deployment(Duration.ZERO, "COMPLETED");
        web.tasks(3, 0);
        checkAfter(Duration.ofMinutes(10));

        assertThat(web.tags()).doesNotContainKey(TAG);
        isOver();
        assertThat(steward.updates()).hasSize(1);
    }

    @Test
    void aPipelineThatPutsBackTheStrategyAndTheTagIsNotFought() {
        start();
        unplaced();
        steward.ecs.client().untagResource(r -> r.resourceArn(web.arn()).tagKeys(TAG));
        steward.ecs
                .client()
                .updateService(r -> r.cluster("prod")
                        .service("web")
                        .forceNewDeployment(true)
                        .capacityProviderStrategy(spot ->
                                spot.capacityProvider("FARGATE_SPOT").base(0).weight(1)));
        web.completeDeployment();
        web.tasks(3, 0);

        checkAfter(Duration.ofMinutes(1));
        checkAfter(Duration.ofMinutes(6));
        assertThat(steward.over().get(handled - 1).skipped()).contains("changed-by-hand");
        assertThat(steward.updates()).hasSize(2);
        assertThat(web.tags()).doesNotContainKey(TAG);
    }

    @Test
    void whatEcsRefusedIsNotTriedAgainAtTheNextCheck() {
        start();
        steward.ecs.fail(
                FakeEcs.UPDATE_SERVICE,
                1,
                new AwsError("InvalidParameterException", 400, "The capacity provider FARGATE is not in the cluster"));
        unplaced();
        assertThat(web.tags()).doesNotContainKey(TAG);

        checkAfter(Duration.ofMinutes(6));
        assertThat(steward.over().get(handled - 1).skipped()).contains("cooldown");
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.over().stream().map(over -> over.eventOutcome().toString()))
                .as("somebody looks when the calm time is over")
                .allMatch(done -> done.contains("sqs SendMessage to check capacity again"));
    }

    @Test
    void aCheckThatIsFarAwayHoldsNoneBackThatIsDueSoon() {
        start();
        web.failDeployment();
        unplaced();
        assertThat(steward.over().get(0).skipped()).contains("deployment-failed");
        assertThat(steward.over().get(0).eventOutcome().toString()).contains("check capacity again in 900 s");

        web.completeDeployment();
        web.tasks(4, 0);
        steward.sendSample("task-spot-interrupted");
        awaitHandled();
        assertThat(steward.over().get(1).eventOutcome().toString()).contains("check capacity again in 151 s");
    }

    @Test
    void whatCannotBeTaggedIsNotMovedAndNotTriedAgainAtOnce() {
        start();
        steward.ecs.fail(
                FakeEcs.TAG_RESOURCE,
                1,
                new AwsError("InvalidParameterException", 400, "Number of tags exceeds the limit of 50."));
        unplaced();
        unplaced();

        assertThat(steward.updates()).isEmpty();
        assertThat(steward.ecs.calls(FakeEcs.TAG_RESOURCE)).hasSize(1);
        assertThat(steward.over().get(handled - 1).skipped()).contains("cooldown");
        assertThat(steward.slack.posts().toString()).contains("limit of 50.; nothing was moved");
        assertThat(steward.slack.texts())
                .filteredOn(post -> post.contains("cannot move between Fargate Spot and on-demand: tagging prod/web"))
                .hasSize(1);
        assertThat(steward.over().stream().map(over -> over.eventOutcome().toString()))
                .as("somebody looks when the calm time is over")
                .anyMatch(done -> done.contains("sqs SendMessage to check capacity again"));
    }

    @Test
    void aReturnThatEcsRefusedIsTriedAgainWhenACalmTimeIsOver() {
        start();
        unplaced();
        web.tasks(4, 0).completeDeployment();
        web.tasks(4, 0);
        steward.ecs.fail(
                FakeEcs.UPDATE_SERVICE,
                1,
                new AwsError("AccessDeniedException", 400, "not authorized to perform ecs:UpdateService"));
        checkAfter(Duration.ofMinutes(31));
        assertThat(web.tags().get(TAG))
                .isEqualTo("on-demand FARGATE_SPOT:0:1 since 2026-11-16T19:23:40Z until 2026-11-16T19:53:40Z calm 30");

        checkAfter(Duration.ofMinutes(15));
        assertThat(steward.updates()).hasSize(2);
        checkAfter(Duration.ofMinutes(16));
        assertThat(steward.updates()).hasSize(3);
        assertThat(web.tags().get(TAG)).startsWith("returned");
    }

    @Test
    void looksAtAServiceOnDemandAreNoNews() {
        start();
        unplaced();
        web.tasks(4, 0).completeDeployment();
        int before = steward.slack.posts().size();
        checkAfter(Duration.ofMinutes(15));

        assertThat(steward.slack.posts()).hasSize(before);
        assertThat(steward.over().get(handled - 1).eventOutcome().toString()).doesNotContain("incident");
    }

    @Test
    void whatIsToldOfADeletedServiceEnds() {
        start();
        unplaced();
        String arn = web.arn();
        steward.ecs.removeService("prod", "web");
        steward.clock.advance(Duration.ofMinutes(15));
        steward.send(FollowUp.message("capacity", arn, CLUSTER, steward.clock.instant()));
        awaitHandled();

        assertThat(steward.over().get(handled - 1).skipped())
                .contains("service-not-found")
                .doesNotContain("no-incident");
    }

    @Test
    void aSteadyServiceOnDemandIsStillOnDemand() {
        start();
        unplaced();
        int before = steward.slack.posts().size();
        steward.sendSample("service-steady");
        awaitHandled();

        assertThat(steward.slack.texts().subList(before, steward.slack.texts().size()))
                .noneMatch(text -> text.contains("runs as it did before"));
    }

    @Test
    void aServiceThatEverybodyForgotIsFoundAtTheStart() {
        steward.observed().with("steward.spot.sweep", "1h").binding("clock", steward.clock);
        steward.clock.set(Instant.parse("2026-11-16T18:52:40Z"));
        steward.ecs.addCluster("prod", 3);
        web = steward.ecs.addService("prod", "web").capacity("FARGATE", 0, 1);
        web.desiredCount(4).tasks(4, 0);
        web.tag(TAG, "on-demand FARGATE_SPOT:0:1 since 2026-11-16T10:00:00Z until 2026-11-16T10:30:00Z calm 30");
        steward.start();
        RunningSteward.await(() -> !steward.over().isEmpty());

        assertThat(steward.updates()).hasSize(1);
        assertThat(web.tags().get(TAG)).startsWith("returned FARGATE_SPOT:0:1");
        assertThat(steward.observe("metrics").body())
                .contains(
                        "steward_failover_services{state=\"on-demand\"} 1.0",
                        "steward_failover_services{state=\"watched\"} 0.0",
                        "steward_failover_services{state=\"overdue\"} 1.0");
    }

    @Test
    void aCheckThatEcsRefusesIsNotTheLastOneAndIsToldOnce() {
        start();
        unplaced();
        web.tasks(4, 0).completeDeployment();
        web.tasks(4, 0);
        steward.ecs.fail(FakeEcs.DESCRIBE_SERVICES, 2, FakeEcs.ACCESS_DENIED);
        steward.endCoolDown("capacity/" + CLUSTER + "/web");
        checkAfter(Duration.ofMinutes(31));
        steward.endCoolDown("capacity/" + CLUSTER + "/web");
        checkAfter(Duration.ofMinutes(15));

        for (int look = 1; look <= 2; look++) {
            assertThat(steward.over().get(look).failure()).isNull();
            assertThat(steward.over().get(look).eventOutcome().toString())
                    .contains("sqs SendMessage to check capacity again in 900 s");
        }
        assertThat(steward.slack.texts())
                .filteredOn(
                        text -> text.contains("cannot move between Fargate Spot and on-demand: describing prod/web"))
                .hasSize(1);
        checkAfter(Duration.ofMinutes(15));
        assertThat(web.tags().get(TAG)).startsWith("returned");
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void aCheckThatFailsForLongIsNotTheLastOne() {
        start();
        unplaced();
        steward.ecs.fail(FakeEcs.DESCRIBE_SERVICES, 4, FakeEcs.SERVER_ERROR);
        checkAfter(Duration.ofMinutes(15));

        assertThat(steward.over().get(1).failure()).isNull();
        assertThat(steward.over().get(1).eventOutcome().toString())
                .contains("sqs SendMessage to check capacity again in 120 s");
    }

    @Test
    void aServiceWhoseClusterIsGoneIsGoneToo() {
        start();
        unplaced();
        steward.ecs.fail(
                FakeEcs.DESCRIBE_SERVICES, 1, new AwsError("ClusterNotFoundException", 400, "Cluster not found."));
        checkAfter(Duration.ofMinutes(15));

        assertThat(steward.over().get(1).skipped()).contains("service-not-found");
        assertThat(steward.over().get(1).eventOutcome().toString()).doesNotContain("SendMessage");
        isOver();
        assertThat(steward.deadLetters()).isEmpty();
    }

    /** Tasks are missing for long, and nothing else is told of it. */
    private void missingForLong() {
        checkAfter(Duration.ZERO);
        checkAfter(Duration.ofMinutes(6));
        web.tasks(4, 0).completeDeployment();
        web.tasks(4, 0);
    }

    private void back() {
        checkAfter(Duration.ofMinutes(31));
        web.completeDeployment();
        web.tasks(4, 0);
        checkAfter(Duration.ofMinutes(3));
    }

    private static final String IS_BACK =
            "It is back on Fargate Spot: all of its tasks run on its own capacity provider strategy again.";

    @Test
    void theMessageThatItRunsOnDemandTurnsGreenAndSaysThatItIsBack() {
        steward.postingWithAToken().with(Settings.INCIDENT_SWEEP, "20");
        start();
        missingForLong();
        RunningSteward.await(() -> !steward.slack.channel("#ops").isEmpty());
        assertThat(steward.slack.channel("#ops").get(0).text()).startsWith("[FIRING] prod/web runs on-demand until");
        back();

        RunningSteward.await(() -> steward.slack.channel("#ops").get(0).text().startsWith("[RESOLVED]"));
        assertThat(steward.slack.channel("#ops")).hasSize(1);
        assertThat(steward.slack.channel("#ops").get(0).payload().toString()).contains(IS_BACK);
        RunningSteward.await(
                () -> steward.slack.channel("#ops").get(0).replies().stream().anyMatch(reply -> reply.says(IS_BACK)));
    }

    @Test
    void aWebhookTellsOnceThatItIsBack() {
        start();
        missingForLong();
        back();

        assertThat(steward.slack.posts()).hasSize(2);
        assertThat(steward.slack.posts().get(1).text()).startsWith("[RESOLVED] ");
        assertThat(steward.slack.posts().get(1).says(IS_BACK)).isTrue();
    }

    @Test
    void aServiceThatRunsOnDemandIsNotHeadedByWhatWasSaidOfSpotBefore() {
        steward.postingWithAToken().with(Settings.INCIDENT_SWEEP, "20");
        start();
        web.tasks(4, 0);
        steward.sendSample("task-spot-interrupted");
        awaitHandled();
        RunningSteward.await(() -> !steward.slack.channel("#ops").isEmpty());
        assertThat(steward.slack.channel("#ops").get(0).says("ECS replaces the task if"))
                .isTrue();
        web.tasks(3, 0);
        checkAfter(Duration.ofSeconds(151));
        checkAfter(Duration.ofSeconds(150));

        RunningSteward.await(
                () -> steward.slack.channel("#ops").get(0).text().startsWith("[FIRING] prod/web runs on-demand until"));
        assertThat(steward.slack.channel("#ops").get(0).says("ECS replaces the task if"))
                .isFalse();
        assertThat(steward.slack.channel("#ops").get(0).says("at the on-demand price"))
                .isTrue();
    }
}
