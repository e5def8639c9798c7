package io.ecssteward.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IncidentEventTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private static ObjectNode detail() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", "web-7f3a")
                .put("title", "prod/web: a deployment failed")
                .put("severity", "error")
                .put("cluster", "prod")
                .put("service", "web");
    }

    private static Event opened() {
        return Reading.read(IncidentEvent.message("Incident Opened", AT, 1, AT, "111122223333", "eu-west-1", detail()));
    }

    @Test
    void whatIsWrittenIsRead() {
        Event event = opened();

        assertThat(event).isInstanceOf(IncidentEvent.class);
        assertThat(event.type()).isEqualTo("incident-event");
        assertThat(event.identity()).isEqualTo("incident/web-7f3a/" + AT.toEpochMilli() + "/1");
        assertThat(event.time()).isEqualTo(AT);
        assertThat(event.account()).isEqualTo("111122223333");
        assertThat(event.region()).isEqualTo("eu-west-1");
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.service()).isEqualTo("web");
    }

    /** Or a route that tells of incidents would open one, of which it would tell. */
    @Test
    void itsAlertIsNoIncident() {
        Alert alert = opened().alert();

        assertThat(alert.about()).isNull();
        assertThat(alert.title()).isEqualTo("Incident Opened: prod/web: a deployment failed");
        assertThat(alert.severity()).isEqualTo(Severity.ERROR);
    }

    @Test
    void whatIsAboutNoIncidentIsRefused() {
        assertThatThrownBy(() -> Reading.read("""
                        {"source": "ecs-steward", "detail-type": "Incident Opened", "id": "1", "detail": {}}"""))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("detail.id");
    }
}
