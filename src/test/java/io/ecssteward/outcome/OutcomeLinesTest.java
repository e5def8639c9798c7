package io.ecssteward.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.log.Lines;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** What became of each event and alert is one JSON line with what is known of it. */
class OutcomeLinesTest {

    private static JsonNode only(Lines lines, String logger) {
        List<JsonNode> found = all(lines).stream()
                .filter(line -> line.get("logger").asText().equals(logger))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<JsonNode> all(Lines lines) {
        return lines.written().stream()
                .map(line -> {
                    try {
                        return new ObjectMapper().readTree(line);
                    } catch (IOException e) {
                        throw new AssertionError("no JSON: " + line, e);
                    }
                })
                .toList();
    }

    @Test
    void whatWasDone() {
        try (RunningSteward steward = RunningSteward.create().start();
                Lines lines = new Lines("json")) {
            steward.ecs.addCluster("prod", 3).addService("prod", "web");
            steward.sendSample("task-spot-interrupted");
            steward.awaitDone();

            JsonNode line = only(lines, "io.ecssteward.events");
            assertThat(line.get("level").asText()).isEqualTo("INFO");
            assertThat(line.get("type").asText()).isEqualTo("task-state-change");
            assertThat(line.get("cluster").asText()).isEqualTo("prod");
            assertThat(line.get("service").asText()).isEqualTo("web");
            assertThat(line.get("route").asText()).isEqualTo("spot-interruption");
            assertThat(line.get("outcome").asText()).isEqualTo("performed");
            assertThat(line.has("reason")).isFalse();
            assertThat(line.get("event_id").asText())
                    .startsWith("task/arn:aws:ecs:")
                    .contains(line.get("task").asText());
        }
    }

    @Test
    void whyNothingWasDone() {
        try (RunningSteward steward = RunningSteward.create().start();
                Lines lines = new Lines("json")) {
            for (String sample : List.of(
                    "service-steady",
                    "alarm-eventbridge-suppressed",
                    "alarm-eventbridge-suppressed",
                    "service-steady")) {
                steward.sendSample(sample);
                steward.awaitDone();
            }

            assertThat(all(lines))
                    .extracting(l -> l.path("outcome").asText() + " "
                            + l.path("reason").asText() + " " + l.path("route").asText())
                    .containsExactly(
                            "skipped no-incident service-recovered",
                            "skipped suppressed alarms",
                            "skipped duplicate ",
                            "skipped duplicate ");
        }
    }

    @Test
    void whatFailed() {
        try (RunningSteward steward = RunningSteward.create().start();
                Lines lines = new Lines("json")) {
            steward.slack.next(Answer.of(404, "channel_not_found"));
            steward.sendSample("service-start-impaired");
            steward.awaitDone();

            JsonNode line = only(lines, "io.ecssteward.events");
            assertThat(line.get("level").asText()).isEqualTo("WARN");
            assertThat(line.get("outcome").asText()).isEqualTo("failed");
            assertThat(line.get("message").asText()).contains("channel_not_found");
        }
    }

    @Test
    void whatBecameOfAnAlertThatWaited() {
        try (RunningSteward steward = RunningSteward.create().queueingAlerts().start();
                Lines lines = new Lines("json")) {
            steward.sendSample("service-start-impaired");
            steward.awaitDone();

            JsonNode line = only(lines, "io.ecssteward.alerts");
            assertThat(line.get("state").asText()).isEqualTo("firing");
            assertThat(line.get("alert").asText()).isNotEmpty();
            assertThat(line.get("outcome").asText()).isEqualTo("performed");
            assertThat(line.get("event_id").asText())
                    .isEqualTo(
                            only(lines, "io.ecssteward.events").get("event_id").asText());
        }
    }

    @Test
    void whatHappensToAnIncident() {
        try (RunningSteward steward = RunningSteward.create().start();
                Lines lines = new Lines("json")) {
            steward.sendSample("service-start-impaired");
            steward.awaitDone();

            JsonNode line = only(lines, "io.ecssteward.incidents");
            assertThat(line.get("level").asText()).isEqualTo("INFO");
            assertThat(line.get("about").asText()).startsWith("service/");
            assertThat(line.get("status").asText()).isEqualTo("open");
            assertThat(line.get("severity").asText()).isNotEmpty();
            assertThat(line.get("alerts").asText()).isEqualTo("1");
            assertThat(line.get("message").asText())
                    .startsWith("incident " + line.get("incident").asText() + " is open: ");
        }
    }

    @Test
    void aHeartbeatIsNoNews() {
        try (RunningSteward steward = RunningSteward.create().start()) {
            try (Lines lines = new Lines("json")) {
                steward.sendSample("heartbeat-each-minute");
                steward.awaitDone();
                assertThat(lines.written()).isEmpty();
            }
            assertThat(steward.camel()
                            .getRegistry()
                            .lookupByNameAndType("heartbeat-monitor", io.ecssteward.sqs.HeartbeatMonitor.class)
                            .last())
                    .isNotNull();
            try (CapturedLog debug = new CapturedLog().level("io.ecssteward.events", Level.DEBUG);
                    Lines lines = new Lines("json")) {
                // The same text once more is another heartbeat.
                steward.sendSample("heartbeat-each-minute");
                steward.awaitDone();
                assertThat(only(lines, "io.ecssteward.events").get("outcome").asText())
                        .isEqualTo("performed");
                assertThat(debug.text()).contains("heartbeat: steward heartbeat of 2026-11-17T10:00:00Z");
            }
            assertThat(steward.over()).hasSize(2);
            assertThat(steward.slack.posts()).isEmpty();
        }
    }
}
