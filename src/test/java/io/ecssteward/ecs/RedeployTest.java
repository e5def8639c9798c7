package io.ecssteward.ecs;

import static io.ecssteward.testing.FakeEcs.DESCRIBE_SERVICES;
import static io.ecssteward.testing.FakeEcs.UPDATE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.event.Event;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedeployTest extends EcsRoutes {

    @BeforeEach
    void web() throws Exception {
        ecs.addService("prod", "web").desiredCount(2);
    }

    private Exchange redeploy() throws Exception {
        start("ecs-service:redeploy");
        return send(interrupted());
    }

    @Test
    void theServiceGetsAFreshDeploymentAndNothingElseIsChanged() throws Exception {
        Object event = interrupted();
        start("ecs-service:redeploy");
        Exchange done = send(event);

        assertThat(outcome(done)).isEqualTo("updated");
        assertThat(updates())
                .singleElement()
                .hasToString("{\"cluster\":\"prod\",\"service\":\"web\",\"forceNewDeployment\":true}");
        assertThat(done.getMessage().getBody()).isSameAs(event);
        assertThat(EventOutcome.of(done).skipped()).isEmpty();
        assertThat(EventOutcome.of(done).performed()).singleElement().satisfies(effect -> {
            assertThat(effect)
                    .extracting(Action::sink, Action::operation, Action::about)
                    .containsExactly("ecs", "UpdateService", "prod/web");
            assertThat(effect.request()).isEqualTo(updates().get(0));
        });
    }

    @Test
    void itTakesTwoCalls() throws Exception {
        redeploy();

        assertThat(ecs.calls()).extracting(FakeEcs.Call::operation).containsExactly(DESCRIBE_SERVICES, UPDATE_SERVICE);
    }

    @Test
    void aStandaloneTaskHasNoServiceAndCostsNoCall() throws Exception {
        start("ecs-service:redeploy");
        Exchange done = send(Events.spot("family:batch", NOW));

        assertThat(outcome(done)).isEqualTo("no-service");
        assertThat(skipped(done)).containsExactly("no-service (redeploy/prod)");
        assertThat(ecs.calls()).isEmpty();
    }

    @Test
    void aServiceThatWasDeletedIsAWarningAndNoFailure() throws Exception {
        ecs.removeService("prod", "web");
        try (CapturedLog log = new CapturedLog()) {
            Exchange done = redeploy();

            assertThat(outcome(done)).isEqualTo("service-not-found");
            assertThat(skipped(done)).containsExactly("service-not-found (redeploy/prod/web)");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("not redeploying prod/web: service not found in ECS; it may have been deleted");
        }
        assertThat(updates()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DRAINING", "INACTIVE"})
    void aServiceThatIsBeingDeletedIsLeftAlone(String status) throws Exception {
        ecs.addService("prod", "web").status(status);

        assertThat(skipped(redeploy())).containsExactly("service-inactive (redeploy/prod/web)");
        assertThat(updates()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ServiceNotActiveException, service-inactive", "ServiceNotFoundException, service-not-found"})
    void aServiceThatIsDeletedBetweenTheTwoCallsIsNoFailure(String said, String outcome) throws Exception {
        ecs.fail(UPDATE_SERVICE, 1, new AwsError(said, 400, "It was there a moment ago."));
        try (CapturedLog log = new CapturedLog()) {
            Exchange done = redeploy();

            assertThat(outcome(done)).isEqualTo(outcome);
            assertThat(skipped(done)).containsExactly(outcome + " (redeploy/prod/web)");
            assertThat(EventOutcome.of(done).performed()).isEmpty();
            if (outcome.equals("service-not-found")) {
                assertThat(log.text()).contains("not redeploying prod/web: service not found in ECS");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CODE_DEPLOY", "EXTERNAL"})
    void aServiceThatSomebodyElseDeploysIsLeftToThem(String controller) throws Exception {
        ecs.addService("prod", "web").deploymentController(controller);

        assertThat(skipped(redeploy())).containsExactly("external-controller (redeploy/prod/web)");
        assertThat(updates()).isEmpty();
    }

    @Test
    void aServiceThatNamesNoControllerIsDeployedByEcs() throws Exception {
        ecs.addService("prod", "web").deploymentController(null);

        assertThat(outcome(redeploy())).isEqualTo("updated");
    }

    @ParameterizedTest
    @CsvSource({"IN_PROGRESS, in-progress", "COMPLETED, already-deployed"})
    void aDeploymentYoungerThanTheEventIsEnough(String rolloutState, String outcome) throws Exception {
        Object event = interrupted();
        clock.advance(Duration.ofSeconds(30));
        ecs.addService("prod", "web").deployment(Duration.ofSeconds(10), rolloutState);
        start("ecs-service:redeploy");

        assertThat(skipped(send(event))).containsExactly(outcome + " (redeploy/prod/web)");
        assertThat(updates()).isEmpty();
    }

    @Test
    void aYoungerDeploymentWithoutARolloutStateCountsAsInProgress() throws Exception {
        Object event = interrupted();
        clock.advance(Duration.ofSeconds(30));
        ecs.addService("prod", "web").deployment(Duration.ofSeconds(10), null);
        start("ecs-service:redeploy");

        assertThat(outcome(send(event))).isEqualTo("in-progress");
    }

    @Test
    void aYoungerDeploymentThatFailedIsNotEnough() throws Exception {
        Object event = interrupted();
        clock.advance(Duration.ofSeconds(30));
        ecs.addService("prod", "web").deployment(Duration.ofSeconds(10), "FAILED");
        start("ecs-service:redeploy");

        assertThat(outcome(send(event))).isEqualTo("updated");
    }

    @Test
    void anOlderDeploymentThatIsDoneDoesNotStopIt() throws Exception {
        ecs.addService("prod", "web").deployment(Duration.ofSeconds(1), "COMPLETED");

        assertThat(outcome(redeploy())).isEqualTo("updated");
    }

    @ParameterizedTest
    @CsvSource({"ROLLING, 30", "ROLLING, 86000", "BLUE_GREEN, 300", "LINEAR, 900", "CANARY, 60"})
    void aDeploymentInProgressIsLeftAloneWhateverItsAgeAndStrategy(String strategy, int seconds) throws Exception {
        ecs.addService("prod", "web").strategy(strategy).deployment(Duration.ofSeconds(seconds), "IN_PROGRESS");

        assertThat(skipped(redeploy())).containsExactly("in-progress (redeploy/prod/web)");
        assertThat(updates()).isEmpty();
    }

    /** Behind a Classic Load Balancer, where ECS reports no rollout state. */
    @Test
    void tasksThatAreStillBeingReplacedAreADeploymentInProgress() throws Exception {
        ecs.addService("prod", "web").deployment(Duration.ofHours(1), null);

        assertThat(outcome(redeploy())).isEqualTo("in-progress");
    }

    @Test
    void anOldFailureDoesNotStopItButItsRollbackDoes() throws Exception {
        ecs.addService("prod", "web").deployment(Duration.ofHours(1), "FAILED");
        assertThat(outcome(redeploy())).isEqualTo("updated");

        ecs.addService("prod", "web")
                .deployment(Duration.ofHours(1), "FAILED")
                .deployment(Duration.ofMinutes(50), "IN_PROGRESS");
        assertThat(outcome(send(interrupted()))).isEqualTo("in-progress");
    }

    @Test
    void aServiceThatSomebodyStoppedIsLeftAlone() throws Exception {
        ecs.addService("prod", "web").desiredCount(0);

        assertThat(skipped(redeploy())).containsExactly("scaled-to-zero (redeploy/prod/web)");
        assertThat(updates()).isEmpty();
    }

    @Test
    void aSecondEventOfTheSameStormLeadsToNoSecondDeployment() throws Exception {
        Object event = interrupted();
        start("ecs-service:redeploy");
        clock.advance(Duration.ofSeconds(1));
        send(event);
        clock.advance(Duration.ofSeconds(1));

        assertThat(outcome(send(event))).isEqualTo("in-progress");
        assertThat(updates()).hasSize(1);
    }

    @Test
    void anEventThatDoesNotSayWhenItWasIsTakenForNews() throws Exception {
        ecs.addService("prod", "web").deployment(Duration.ofSeconds(1), "COMPLETED");
        start("ecs-service:redeploy");
        Event undated = Events.spot("service:web", "some day");

        assertThat(outcome(send(undated))).isEqualTo("updated");
    }

    @Test
    void parametersNameAnotherClusterAndService() throws Exception {
        ecs.addCluster("stage", 0).addService("stage", "shop");
        start("ecs-service:redeploy", "cluster: stage", "service: \"${body.field('detail.shop')}\"");
        Exchange done = send(Events.read(
                "{\"source\": \"x\", \"id\": \"1\", \"detail-type\": \"y\", \"detail\": {\"shop\": \"shop\"}}"));

        assertThat(outcome(done)).isEqualTo("updated");
        assertThat(updates())
                .singleElement()
                .hasToString("{\"cluster\":\"stage\",\"service\":\"shop\",\"forceNewDeployment\":true}");
    }

    @Test
    void parametersThatComeToNothingLeaveTheEventsNames() throws Exception {
        start("ecs-service:redeploy", "cluster: \"${body.field('detail.nothing')}\"", "service: \"${header.nothing}\"");

        assertThat(outcome(send(interrupted()))).isEqualTo("updated");
    }

    @Test
    void aBodyThatIsNoEventWillDoWhenTheParametersNameBoth() throws Exception {
        start("ecs-service:redeploy", "cluster: prod", "service: web");

        assertThat(outcome(send("by hand"))).isEqualTo("updated");
    }

    @Test
    void withoutAClusterItFailsForGoodAndSaysWhatIsMissing() throws Exception {
        start("ecs-service:redeploy");

        assertThat(send("text").getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessage("ecs-service:redeploy: neither the parameters nor the event name a cluster");
    }

    @Test
    void aReminderIsAboutTheEventInsideIt() throws Exception {
        start("ecs-service:redeploy");
        Event followUp =
                Events.read(io.ecssteward.event.FollowUp.message("agent", (Event) interrupted(), clock.instant()));

        assertThat(outcome(send(followUp))).isEqualTo("updated");
    }
}
