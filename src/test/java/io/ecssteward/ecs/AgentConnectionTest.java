package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.ecs.AgentConnection.Decision;
import io.ecssteward.ecs.AgentConnection.State;
import io.ecssteward.ecs.AgentConnection.Trigger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The truth table. A dash is an answer that the decision does not depend on, and that must not be asked for. */
class AgentConnectionTest {

    @ParameterizedTest(name = "{0}, stale {1}, open {2}, ECS {3} -> {4}")
    @CsvSource({
        // trigger,    stale, open, ECS says,     decision
        "UNKNOWN,      -,     -,    -,            NOTHING",
        "DISCONNECTED, yes,   -,    -,            STALE",
        "DISCONNECTED, no,    -,    -,            WAIT",
        "CONNECTED,    yes,   -,    -,            STALE",
        "CONNECTED,    no,    no,   -,            NO_INCIDENT",
        "CONNECTED,    no,    yes,  DISCONNECTED, WAIT",
        "CONNECTED,    no,    yes,  RECONNECTED,  RESOLVE",
        "CONNECTED,    no,    yes,  DRAINING,     RESOLVE",
        "CONNECTED,    no,    yes,  OTHER_REGION, RESOLVE",
        "LEAVING,      -,     no,   -,            NO_INCIDENT",
        "LEAVING,      -,     yes,  DISCONNECTED, WAIT",
        "LEAVING,      -,     yes,  RECONNECTED,  RESOLVE_LEAVING",
        "LEAVING,      -,     yes,  DRAINING,     RESOLVE_LEAVING",
        "LEAVING,      -,     yes,  OTHER_REGION, RESOLVE_LEAVING",
        "FOLLOW_UP,    -,     -,    DISCONNECTED, ALERT",
        "FOLLOW_UP,    -,     -,    RECONNECTED,  RESOLVE",
        "FOLLOW_UP,    -,     -,    DRAINING,     RESOLVE_LEAVING",
        "FOLLOW_UP,    -,     -,    OTHER_REGION, OTHER_REGION",
        "ALERTED,      -,     -,    DISCONNECTED, NOTHING",
        "ALERTED,      -,     -,    RECONNECTED,  RESOLVE",
        "ALERTED,      -,     -,    DRAINING,     RESOLVE_LEAVING",
        "ALERTED,      -,     -,    OTHER_REGION, OTHER_REGION",
    })
    void decides(Trigger trigger, String stale, String open, String ecs, Decision decision) {
        assertThat(AgentConnection.decide(
                        trigger,
                        () -> answer(stale).equals("yes"),
                        () -> answer(open).equals("yes"),
                        () -> State.valueOf(answer(ecs))))
                .isEqualTo(decision);
    }

    private static String answer(String cell) {
        assertThat(cell).as("an answer that the decision does not depend on").isNotEqualTo("-");
        return cell;
    }
}
