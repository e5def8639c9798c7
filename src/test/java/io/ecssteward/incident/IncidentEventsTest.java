package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncidentEventsTest {

    private static final IncidentRules RULES = IncidentRules.DEFAULT;
    private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");

    private static Alert.Builder alert(String about) {
        return Alert.about(about + "/down")
                .incident(about)
                .channel("#ops")
                .severity(Severity.ERROR)
                .title("web is down")
                .field("Cluster", "test")
                .field("Account", "shop (222233334444)")
                .origin("event/1")
                .time(TEN);
    }

    private static JsonNode event(Incident incident) {
        try {
            int last = incident.outbox().size() - 1;
            return new ObjectMapper()
                    .readTree(IncidentEvents.message(incident, incident.outbox().get(last)));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anOpenedIncident() {
        JsonNode event = event(
                Incident.of(alert("service/111122223333/eu-west-1/prod/web").build(), TEN, RULES));

        assertThat(event.path("source").asText()).isEqualTo("ecs-steward");
        assertThat(event.path("detail-type").asText()).isEqualTo("Incident Opened");
        assertThat(event.path("time").asText()).isEqualTo("2026-11-21T10:00:00Z");
        assertThat(event.path("account").asText()).isEqualTo("111122223333");
        assertThat(event.path("region").asText()).isEqualTo("eu-west-1");
        JsonNode detail = event.path("detail");
        assertThat(detail.path("status").asText()).isEqualTo("open");
        assertThat(detail.path("severity").asText()).isEqualTo("error");
        assertThat(detail.path("cluster").asText()).isEqualTo("prod");
        assertThat(detail.path("service").asText()).isEqualTo("web");
        assertThat(detail.path("resolved").isNull()).isTrue();
        assertThat(detail.path("alerts")).singleElement().satisfies(one -> {
            assertThat(one.path("state").asText()).isEqualTo("firing");
            assertThat(one.path("count").asInt()).isEqualTo(1);
        });
    }

    @Test
    void aResolvedIncidentSaysHowLongItLasted() {
        Incident opened =
                Incident.of(alert("service/111122223333/eu-west-1/prod/web").build(), TEN, RULES);
        Instant end = TEN.plus(Duration.ofMinutes(31));
        Incident resolved = opened.apply(
                alert("service/111122223333/eu-west-1/prod/web")
                        .state(Alert.State.RESOLVED)
                        .origin("event/2")
                        .time(end)
                        .build(),
                end,
                RULES);

        assertThat(event(resolved).path("detail-type").asText()).isEqualTo("Incident Resolved");
        assertThat(event(resolved).path("detail").path("minutes").asInt()).isEqualTo(31);
        assertThat(event(resolved).path("id")).isNotEqualTo(event(opened).path("id"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "task-family/111122223333/eu-west-1/prod/nightly, 111122223333, eu-west-1, prod, -",
                "alarm/111122223333/eu-west-1/cpu, 111122223333, eu-west-1, test, -",
                "instance/arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/8e59, 111122223333, eu-west-1, prod, -",
                "order-import/a.csv, 222233334444, -, test, -",
            })
    void whereItIs(String about, String account, String region, String cluster, String service) {
        JsonNode event = event(Incident.of(alert(about).build(), TEN, RULES));

        assertThat(event.path("account").asText(null)).isEqualTo(account);
        assertThat(event.path("region").asText(null)).isEqualTo(region);
        assertThat(event.path("detail").path("cluster").textValue()).isEqualTo(cluster);
        assertThat(event.path("detail").path("service").textValue()).isEqualTo(service);
    }
}
