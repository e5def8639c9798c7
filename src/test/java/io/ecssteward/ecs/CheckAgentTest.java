package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alerting.OpenAlerts;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckAgentTest extends EcsRoutes {

    private static final String INSTANCE = "arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a";
    private static final String WHAT = " (agent/" + INSTANCE + ")";

    private final OpenAlerts openAlerts = new OpenAlerts();

    @BeforeEach
    void bindOpenAlerts() {
        openAlerts.setCamelContext(routes.camel());
        routes.bind("claims", new MemoryClaimStore()).bind("open-alerts", openAlerts);
    }

    private Exchange check() throws Exception {
        start("ecs-service:check-agent");
        return send(followUp());
    }

    private Event followUp() {
        return Events.read(FollowUp.message("agent", Events.instance("a", false, 7), clock.instant()));
    }

    @Test
    void anAgentThatIsStillDisconnectedIsAlerted() throws Exception {
        ecs.addContainerInstance("prod", "a", false, "ACTIVE", 7);
        Exchange done = check();

        assertThat(outcome(done)).isEqualTo("alert");
        assertThat(openAlerts.has(INSTANCE)).as("open before it is posted").isTrue();
        assertThat(skipped(done)).isEmpty();
        assertThat(ecs.calls()).singleElement().satisfies(call -> {
            assertThat(call.operation()).isEqualTo(FakeEcs.DESCRIBE_CONTAINER_INSTANCES);
            assertThat(call.request())
                    .hasToString("{\"cluster\":\"prod\",\"containerInstances\":"
                            + "[\"arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a\"]}");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "true, ACTIVE, reconnected",
        "false, DRAINING, draining",
        "true, DRAINING, draining",
        "false, INACTIVE, draining"
    })
    void anAgentThatIsBackOrWhoseInstanceGoesIsNot(boolean connected, String status, String outcome) throws Exception {
        ecs.addContainerInstance("prod", "a", connected, status, 8);
        Exchange done = check();

        assertThat(outcome(done)).isEqualTo(outcome);
        assertThat(skipped(done)).containsExactly(outcome + WHAT);
    }

    @Test
    void anInstanceThatIsGoneIsNot() throws Exception {
        assertThat(skipped(check())).containsExactly("draining" + WHAT);
    }

    @Test
    void anAlertThatAnEarlierEventResolvedWhileItWasPostedIsOpen() throws Exception {
        ecs.addContainerInstance("prod", "a", false, "ACTIVE", 7);
        start("ecs-service:check-agent");
        Exchange done = send(followUp());
        openAlerts.remove(INSTANCE);
        routes.camel().createProducerTemplate().send("direct:in", done);

        assertThat(outcome(done)).isEqualTo("nothing");
        assertThat(openAlerts.has(INSTANCE)).isTrue();
    }

    @Test
    void anAlertIsClosedWhenItIsResolvedAndTheAgentIsStillConnected() throws Exception {
        openAlerts.add(INSTANCE);
        ecs.addContainerInstance("prod", "a", true, "ACTIVE", 8);
        Exchange done = check();

        assertThat(outcome(done)).isEqualTo("resolve");
        assertThat(openAlerts.has(INSTANCE)).isTrue();
        routes.camel().createProducerTemplate().send("direct:in", done);
        assertThat(outcome(done)).isEqualTo("close");
        assertThat(openAlerts.has(INSTANCE)).isFalse();
    }

    @Test
    void anEventOfAnotherKindFailsForGood() throws Exception {
        start("ecs-service:check-agent");

        assertThat(send(interrupted()).getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessage("checking an agent: the event is a task-state-change and not a "
                        + "container-instance-state-change");
    }
}
