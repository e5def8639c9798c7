package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckAgentTest extends EcsRoutes {

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
        "true, ACTIVE, resolve",
        "false, DRAINING, resolve-leaving",
        "true, DRAINING, resolve-leaving",
        "false, INACTIVE, resolve-leaving"
    })
    void anAgentThatIsBackOrWhoseInstanceGoesEndsTheAlert(boolean connected, String status, String outcome)
            throws Exception {
        ecs.addContainerInstance("prod", "a", connected, status, 8);
        Exchange done = check();

        assertThat(outcome(done)).isEqualTo(outcome);
    }

    @Test
    void anInstanceThatIsGoneEndsTheAlert() throws Exception {
        assertThat(outcome(check())).isEqualTo("resolve-leaving");
    }

    @Test
    void isAskedOnceMoreAfterTheAlert() throws Exception {
        ecs.addContainerInstance("prod", "a", false, "ACTIVE", 7);
        Exchange done = check();
        assertThat(outcome(done)).isEqualTo("alert");
        routes.camel().createProducerTemplate().send("direct:in", done);
        assertThat(outcome(done)).isEqualTo("nothing");
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
