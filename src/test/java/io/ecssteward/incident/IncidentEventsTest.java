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

/** What the event of an incident says. */
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

    @Test
    void anAlertIsAnEventOnceWhenPeopleWereToldOfIt() {
        Incident opened = Incident.of(
                alert("service/111122223333/eu-west-1/prod/web")
                        .resource("arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d")
                        .build(),
                TEN,
                RULES);
        assertThat(opened.outbox()).hasSize(1);
        Incident told = tell(opened, new Step.Posted("C1", "1.000001"));

        JsonNode event = event(told);
        assertThat(event.path("detail-type").asText()).isEqualTo("Incident Alert");
        JsonNode alert = event.path("detail").path("alert");
        assertThat(alert.path("key").asText()).isEqualTo("service/111122223333/eu-west-1/prod/web/down");
        assertThat(alert.path("resource").asText()).isEqualTo("arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d");
        assertThat(told.outbox()).hasSize(2);

        Incident joined = told.apply(
                alert("service/111122223333/eu-west-1/prod/web")
                        .key("service/111122223333/eu-west-1/prod/web/up")
                        .origin("event/2")
                        .build(),
                TEN,
                RULES);
        assertThat(joined.outbox()).as("not before its message says so").hasSize(2);
        Incident edited = tell(joined, new Step.Posted("C1", "1.000001"));
        assertThat(event(edited).path("detail").path("alert").path("key").asText())
                .endsWith("/up");
        assertThat(edited.outbox()).hasSize(3);

        Incident again = edited.apply(
                alert("service/111122223333/eu-west-1/prod/web")
                        .origin("event/3")
                        .build(),
                TEN,
                RULES);
        assertThat(tell(again, new Step.Posted("C1", "1.000001")).outbox())
                .as("the same once more")
                .hasSize(3);
    }

    @Test
    void anAlertWithoutAMessageToReplyToIsNoEventYet() {
        Incident opened =
                Incident.of(alert("service/111122223333/eu-west-1/prod/web").build(), TEN, RULES);
        Incident inADigest = tell(opened, new Step.Posted("C1", null));
        assertThat(inADigest.outbox()).as("a webhook, or a digest").hasSize(1);

        Incident worse = inADigest.apply(
                alert("service/111122223333/eu-west-1/prod/web")
                        .severity(Severity.CRITICAL)
                        .origin("event/2")
                        .build(),
                TEN,
                RULES);
        assertThat(event(tell(worse, new Step.Posted("C1", "1.000001")))
                        .path("detail-type")
                        .asText())
                .isEqualTo("Incident Alert");
    }

    /** All that there is to tell, with a token. */
    private static Incident tell(Incident incident, Step.Posted posted) {
        Instant later = TEN.plus(Duration.ofMinutes(1));
        Incident told = incident;
        for (Step step = told.next(true, later, RULES).orElse(null);
                step != null;
                step = told.next(true, later, RULES).orElse(null)) {
            told = told.attempting(step, "me", later).applyResult(step, posted, later);
            if (posted.ts() == null) {
                return told;
            }
        }
        return told;
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
