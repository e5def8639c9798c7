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

    private static final String WHAT = " (agent/arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a)";

    private Exchange check() throws Exception {
        start("ecs-service:check-agent");
        return send(Events.instance("a", false, 7));
    }

    @Test
    void anAgentThatIsStillDisconnectedIsTold() throws Exception {
        ecs.addContainerInstance("prod", "a", false, "ACTIVE", 7);
        Exchange done = check();

        assertThat(outcome(done)).isEqualTo("disconnected");
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
    void aReminderIsAboutTheEventInsideIt() throws Exception {
        ecs.addContainerInstance("prod", "a", false, "ACTIVE", 7);
        start("ecs-service:check-agent");
        Event reminder = Events.read(FollowUp.message("agent", Events.instance("a", false, 7), clock.instant()));

        assertThat(outcome(send(reminder))).isEqualTo("disconnected");
    }

    @Test
    void anEventOfAnotherKindFailsForGood() throws Exception {
        start("ecs-service:check-agent");

        assertThat(send(interrupted()).getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessage(
                        "checking an agent: the event is a task-state-change and not a container-instance-state-change");
    }
}
