package io.ecssteward.interactivity;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentRules;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which buttons fit what fires. */
class DefaultButtonsTest {

    private static final String WEB = "service/111122223333/eu-west-1/prod/web";
    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

    private static Alert alert(String about, String key, String resource, String... actions) {
        return Alert.about(key)
                .incident(about)
                .resource(resource)
                .actions(actions.length == 0 ? null : List.of(actions))
                .time(NOW)
                .build();
    }

    private static Incident of(Alert first, Alert... others) {
        Incident incident = Incident.of(first, NOW, IncidentRules.DEFAULT);
        for (Alert other : others) {
            incident = incident.apply(other, NOW, IncidentRules.DEFAULT);
        }
        return incident;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            service/1/eu-west-1/prod/web | service/1/eu-west-1/prod/web/SERVICE_TASK_PLACEMENT_FAILURE | acknowledge silence redeploy
            service/1/eu-west-1/prod/web | service/1/eu-west-1/prod/web/SERVICE_DEPLOYMENT_FAILED      | acknowledge silence redeploy roll-back
            service/1/eu-west-1/prod/web | service/1/eu-west-1/prod/web/stopped/exited                 | acknowledge silence redeploy roll-back
            service/1/eu-west-1/prod/web | alarm/1/eu-west-1/errors                                    | acknowledge silence redeploy
            service/1/eu-west-1//web     | service/1/eu-west-1//web/SERVICE_DEPLOYMENT_FAILED          | acknowledge silence
            daemon/1/eu-west-1/prod/log  | daemon/1/eu-west-1/prod/log/DAEMON_TASK_START_IMPAIRED      | acknowledge silence
            alarm/1/eu-west-1/errors     | alarm/1/eu-west-1/errors                                    | acknowledge silence
            """)
    void theUsualOnesGoWithWhatItIsAbout(String about, String key, String names) {
        assertThat(DefaultButtons.names(of(alert(about, key, null)))).containsExactly(names.split(" "));
    }

    @Test
    void aServiceThatSpotHasNoCapacityForCanBeMoved() {
        Alert unplaced = Alert.about(WEB + "/SERVICE_TASK_PLACEMENT_FAILURE/a")
                .incident(WEB)
                .field("Capacity providers", "FARGATE_SPOT")
                .time(NOW)
                .build();
        assertThat(DefaultButtons.names(of(unplaced)))
                .containsExactly("acknowledge", "silence", "redeploy", "to-on-demand");
        Alert onDemand = alert(WEB, "capacity/" + WEB, null, "acknowledge", "silence", "back-to-spot");
        assertThat(DefaultButtons.names(of(unplaced, onDemand)))
                .containsExactly("acknowledge", "silence", "redeploy", "to-on-demand", "back-to-spot");
    }

    @Test
    void aStoppedTaskHasALog() {
        String task = "arn:aws:ecs:eu-west-1:111122223333:task/prod/1";
        assertThat(DefaultButtons.names(
                        of(alert("task-family/1/x/prod/job", "task-family/1/x/prod/job/stopped", task))))
                .containsExactly("acknowledge", "silence", "log-tail");
    }

    @Test
    void allThatFireAddTheirsInOneOrder() {
        Incident incident = of(
                alert(WEB, WEB + "/a", null, "run-again", "redeploy"),
                alert(WEB, WEB + "/b", null, "none"),
                alert(WEB, WEB + "/c", null));
        assertThat(DefaultButtons.names(incident))
                .containsExactly("acknowledge", "silence", "redeploy", "run-again", "none");
        Incident acknowledged = incident.acknowledge("alex", NOW);
        assertThat(DefaultButtons.names(acknowledged)).containsExactly("silence", "redeploy", "run-again", "none");
        assertThat(DefaultButtons.names(incident.close("alex", NOW))).isEmpty();
    }
}
