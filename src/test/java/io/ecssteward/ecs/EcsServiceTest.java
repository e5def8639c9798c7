package io.ecssteward.ecs;

import static io.ecssteward.testing.FakeEcs.DESCRIBE_CONTAINER_INSTANCES;
import static io.ecssteward.testing.FakeEcs.DESCRIBE_SERVICES;
import static io.ecssteward.testing.FakeEcs.UPDATE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.event.FollowUp;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with ECS, or with the way a step is written. */
class EcsServiceTest extends EcsRoutes {

    @BeforeEach
    void web() {
        ecs.addService("prod", "web");
    }

    @ParameterizedTest
    @CsvSource({
        "AccessDeniedException, 400",
        "InvalidParameterException, 400",
        "ClusterNotFoundException, 400",
        "ClientException, 400",
        "UnsupportedFeatureException, 400",
        "UnrecognizedClientException, 400",
        "SomethingNewException, 400"
    })
    void aRefusalFailsForGoodAndNamesWhatWasRefused(String code, int status) throws Exception {
        ecs.fail(UPDATE_SERVICE, 1, new AwsError(code, status, "You may not."));
        start("ecs-service:redeploy");

        assertThat(send(interrupted()).getException())
                .isExactlyInstanceOf(PermanentFailureException.class)
                .hasMessage("redeploying prod/web: ECS answered " + code + ": You may not.")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "ThrottlingException, 400",
        "ServerException, 500",
        "ServerException, 400",
        "ServiceUnavailable, 503",
        "Oops, 502",
        "ExpiredTokenException, 400",
        "RequestLimitExceeded, 400"
    })
    void whatMayPassIsWorthAnotherTry(String code, int status) throws Exception {
        ecs.fail(UPDATE_SERVICE, 1, new AwsError(code, status, "Not now."));
        start("ecs-service:redeploy");

        assertThat(send(interrupted()).getException())
                .isExactlyInstanceOf(TransientFailureException.class)
                .hasMessage("redeploying prod/web: ECS answered " + code + ": Not now.")
                .hasNoCause();
        assertThat(outcome(send(interrupted()))).isEqualTo("updated");
    }

    @Test
    void aMissingClusterFailsForGood() throws Exception {
        start("ecs-service:redeploy", "cluster: gone");

        assertThat(send(interrupted()).getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessage("describing gone/web: ECS answered ClusterNotFoundException: Cluster not found.");
    }

    @ParameterizedTest
    @ValueSource(strings = {DESCRIBE_SERVICES, UPDATE_SERVICE})
    void aConnectionThatEndsIsWorthAnotherTry(String operation) throws Exception {
        ecs.hangUp(operation, 1);
        start("ecs-service:redeploy");

        assertThat(send(interrupted()).getException())
                .isExactlyInstanceOf(TransientFailureException.class)
                .hasMessageContaining("prod/web: no answer from ECS: ")
                .hasNoCause();
    }

    @Test
    void anAnswerThatDoesNotComeIsWorthAnotherTry() throws Exception {
        routes.bind("ecsClient", ecs.client(Duration.ofMillis(200)));
        ecs.hold(UPDATE_SERVICE, 1);
        start("ecs-service:redeploy");

        assertThat(send(interrupted()).getException())
                .isExactlyInstanceOf(TransientFailureException.class)
                .hasMessageStartingWith("redeploying prod/web: no answer from ECS: ")
                .hasNoCause();
    }

    @Test
    void anAnswerThatWasLostDoesNotLeadToASecondDeployment() throws Exception {
        Object event = interrupted();
        clock.advance(Duration.ofSeconds(1));
        ecs.loseAnswer(UPDATE_SERVICE, 1);
        start("ecs-service:redeploy");

        var failed = send(event);
        assertThat(failed.getException()).isInstanceOf(TransientFailureException.class);
        assertThat(EventOutcome.of(failed).performed()).isEmpty();
        assertThat(outcome(send(event))).isEqualTo("in-progress");
        assertThat(updates()).hasSize(1);
    }

    @Test
    void aRefusalToDescribeInstancesNamesTheInstance() throws Exception {
        ecs.fail(DESCRIBE_CONTAINER_INSTANCES, 1, FakeEcs.ACCESS_DENIED);
        start("ecs-service:check-agent");

        String followUp = FollowUp.message("agent", Events.instance("a", false, 7), clock.instant());
        assertThat(send(Events.read(followUp)).getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessageStartingWith(
                        "checking the agent of prod/a: ECS answered AccessDeniedException: User: arn:aws:sts::");
    }

    @Test
    void aWrongOperationStopsTheStartAndShowsThoseThereAre() {
        assertThatThrownBy(() -> start("ecs-service:reboot"))
                .hasStackTraceContaining("ecs-service: has no operation 'reboot'; there are redeploy, roll-back, plan, "
                        + "ensure-capacity, find-failovers, match-instances, check-agent, check-drain");
    }

    @ParameterizedTest
    @CsvSource({"5, 2", "-1, 2"})
    void wrongBoundsStopTheStartAndSayWhatToSet(int min, int max) {
        assertThatThrownBy(() -> start("ecs-service:match-instances", "services: a", "min: " + min, "max: " + max))
                .rootCause()
                .hasMessage(
                        "ecs-service:match-instances: min is " + min + " and max is " + max + "; set 0 <= min <= max");
    }

    @Test
    void aMistypedParameterStopsTheStart() {
        assertThatThrownBy(() -> start("ecs-service:redeploy", "servcie: web")).hasStackTraceContaining("servcie");
    }

    @Test
    void readingFromItIsRefused() {
        assertThatThrownBy(() ->
                        routes.bind("ecsClient", ecs.client()).start(step("ecs-service:redeploy", "", "direct:out")))
                .hasStackTraceContaining("ecs-service: cannot be read from");
    }

    @Test
    void aClientOfTheComponentsOwnWinsOverTheRegistrys() throws Exception {
        try (FakeEcs other = new FakeEcs(clock).addCluster("prod", 1);
                YamlRoutes two = new YamlRoutes()) {
            other.addService("prod", "web");
            two.bind("ecsClient", ecs.client());
            two.camel().getComponent("ecs-service", EcsServiceComponent.class).setEcsClient(other.client());
            two.start(step("direct:in", "", "ecs-service:redeploy"));
            two.send("direct:in", interrupted());

            assertThat(other.calls(UPDATE_SERVICE)).hasSize(1);
            assertThat(ecs.calls()).isEmpty();
        }
    }
}
