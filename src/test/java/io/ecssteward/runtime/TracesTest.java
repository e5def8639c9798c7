package io.ecssteward.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.log.Lines;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeCollector;
import io.ecssteward.testing.FakeCollector.Span;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracesTest {

    private final FakeCollector collector = new FakeCollector();

    @AfterEach
    void close() {
        collector.close();
    }

    private RunningSteward traced() {
        return RunningSteward.create()
                .tracing("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint().toString());
    }

    private static List<JsonNode> eventOutcomes(Lines lines, String logger) {
        return lines.written().stream()
                .map(TracesTest::json)
                .filter(line -> line.path("logger").asText().equals(logger))
                .toList();
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    private Span only(String name) {
        List<Span> spans =
                collector.spans().stream().filter(s -> s.name().equals(name)).toList();
        assertThat(spans).as(name).hasSize(1);
        return spans.get(0);
    }

    /** Each span's parent came too, but for the first's. */
    private void assertATree() {
        Set<String> ids = collector.spans().stream().map(Span::spanId).collect(Collectors.toSet());
        assertThat(ids).hasSameSizeAs(collector.spans());
        assertThat(collector.spans().stream().filter(s -> !ids.contains(s.parent())))
                .singleElement()
                .satisfies(root -> assertThat(root.parent()).isEmpty());
    }

    @Test
    void anEventIsATraceOfTheRoutesItWentThroughAndItsFateSaysWhich() {
        try (RunningSteward steward = traced().start();
                Lines lines = new Lines("json")) {
            steward.ecs.addCluster("prod", 3).addService("prod", "web");
            steward.sendSample("task-spot-interrupted");
            steward.awaitDone();
            steward.stop();

            JsonNode eventOutcome = eventOutcomes(lines, "io.ecssteward.events").get(0);
            assertThat(collector.requests()).isNotEmpty().allMatch(FakeCollector.EXPORT::equals);
            assertThat(collector.spans())
                    .extracting(Span::name)
                    .contains(
                            "intake",
                            "process-message",
                            "process-event",
                            "spot-interruption",
                            "ecs-service:redeploy",
                            "alerts",
                            "slack",
                            "slack:default");
            assertThat(collector.spans())
                    .extracting(Span::traceId)
                    .containsOnly(eventOutcome.path("trace_id").asText());
            assertThat(eventOutcome.path("span_id").asText())
                    .isEqualTo(only("process-event").spanId());
            assertATree();
            assertThat(only("spot-interruption").parent())
                    .isEqualTo(only("process-event").spanId());
            assertThat(only("intake").attributes())
                    .containsEntry("messaging.system", "aws_sqs")
                    .hasEntrySatisfying(
                            "messaging.destination.name",
                            name -> assertThat(steward.queue).endsWith("/" + name));
            assertThat(only("ecs-service:redeploy").attributes())
                    .containsEntry("steward.cluster", "prod")
                    .containsEntry("steward.service", "web")
                    .containsEntry(
                            "steward.event_id", eventOutcome.path("event_id").asText());
            assertThat(collector.spans()).noneMatch(Span::failed);
            assertThat(collector.spans().toString()).doesNotContain(steward.slack.webhook(RunningSteward.WEBHOOK));
        }
    }

    @Test
    void aCallThatFailedIsASpanOfItsOwn() {
        try (RunningSteward steward = traced().start()) {
            steward.ecs.addCluster("prod", 3).addService("prod", "web");
            steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.THROTTLED);
            steward.sendSample("task-spot-interrupted");
            steward.awaitDone();
            steward.stop();
            assertThat(collector.spans().stream().filter(s -> s.name().equals("ecs-service:redeploy")))
                    .extracting(Span::failed)
                    .containsExactlyInAnyOrder(true, false);
            assertATree();
        }
    }

    @Test
    void everyEventInAMessageBelongsToItsTrace() {
        try (RunningSteward steward = traced().start();
                Lines lines = new Lines("json")) {
            steward.sendSample("alarm-two-in-records");
            steward.awaitDone();
            steward.stop();
            List<JsonNode> eventOutcomes = eventOutcomes(lines, "io.ecssteward.events");
            assertThat(eventOutcomes).hasSize(2);
            assertThat(eventOutcomes)
                    .extracting(f -> f.path("trace_id").asText())
                    .containsOnly(only("intake").traceId());
            assertThat(eventOutcomes)
                    .extracting(f -> f.path("span_id").asText())
                    .doesNotHaveDuplicates();
            assertATree();
        }
    }

    @Test
    void theTraceGoesOnBehindTheQueueOfTheAlerts() {
        try (RunningSteward steward = traced().queueingAlerts().start();
                Lines lines = new Lines("json")) {
            steward.sendSample("service-start-impaired");
            steward.awaitDone();
            steward.stop();
            assertThat(only("alerts-intake").parent())
                    .isEqualTo(only("queue-alert").spanId());
            assertThat(eventOutcomes(lines, "io.ecssteward.alerts")
                            .get(0)
                            .path("trace_id")
                            .asText())
                    .isEqualTo(eventOutcomes(lines, "io.ecssteward.events")
                            .get(0)
                            .path("trace_id")
                            .asText());
            assertATree();
        }
    }

    @Test
    void whatIsLoggedAboutAMessageNamesItsTraceToo() {
        try (RunningSteward steward = traced().start();
                Lines lines = new Lines("json")) {
            steward.ecs.addCluster("prod", 3).addService("prod", "web");
            steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 4, FakeEcs.THROTTLED);
            steward.sendSample("task-spot-interrupted");
            steward.awaitDone();
            steward.sendSample("malformed-task-without-cluster");
            steward.awaitDone();
            List<JsonNode> messages = eventOutcomes(lines, "io.ecssteward.sqs.Redelivery");
            assertThat(messages)
                    .extracting(m -> m.path("message").asText().replaceFirst("message \\S+ (\\w+ \\w+).*", "$1"))
                    .containsExactly("is delivered", "goes to");
            List<JsonNode> eventOutcomes = eventOutcomes(lines, "io.ecssteward.events");
            assertThat(messages.get(0).path("trace_id").asText())
                    .hasSize(32)
                    .isEqualTo(eventOutcomes.get(0).path("trace_id").asText())
                    .isNotEqualTo(eventOutcomes.get(1).path("trace_id").asText());
            assertThat(messages.get(1).path("trace_id").asText()).hasSize(32);
        }
    }

    @Test
    void nothingOfATraceReachesAnybodyElse() {
        try (RunningSteward steward = traced()) {
            steward.with(Settings.TOPIC, steward.sns.topicArn("alerts")).start();
            steward.sendSample("service-start-impaired");
            steward.sendSample("malformed-task-without-cluster");
            steward.awaitDone();
            assertThat(steward.sns.published())
                    .isNotEmpty()
                    .allSatisfy(p -> assertThat(p.attributes().toString()).doesNotContainIgnoringCase("trace"));
            assertThat(steward.deadLetters())
                    .singleElement()
                    .satisfies(m -> assertThat(m.messageAttributes()).containsOnlyKeys("reason", "queue"));
        }
    }

    @Test
    void aCollectorThatIsAwayIsInNobodysWay() {
        try (CapturedLog log = new CapturedLog();
                RunningSteward steward = traced().tracing("OTEL_BSP_SCHEDULE_DELAY", "50")) {
            collector.fail(FakeCollector.EXPORT, 1_000, FakeCollector.REFUSED);
            steward.start();
            steward.sendSample("service-start-impaired");
            steward.awaitDone();
            assertThat(steward.slack.posts()).hasSize(1);
            steward.stop();
            assertThat(collector.requests()).isNotEmpty();
            assertThat(collector.spans()).isEmpty();
            assertThat(log.text()).contains("Failed to export spans", "HTTP status code 400");
        }
    }

    @Test
    void anEventThatTheSamplerLeavesOutHasNoTraceInItsLine() {
        try (RunningSteward steward = traced().tracing("OTEL_TRACES_SAMPLER", "always_off")
                        .queueingAlerts()
                        .start();
                Lines lines = new Lines("json")) {
            steward.sendSample("service-start-impaired");
            steward.awaitDone();
            steward.stop();
            assertThat(eventOutcomes(lines, "io.ecssteward.events")).hasSize(1).noneMatch(f -> f.has("trace_id"));
        }
        assertThat(collector.spans()).isEmpty();
    }

    @Test
    void withoutAnExporterNothingIsPostedAndNoLineHasATrace() {
        String endpoint = collector.endpoint().toString();
        for (String[] off : new String[][] {
            {"OTEL_SERVICE_NAME", "steward"},
            {"OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, "OTEL_SDK_DISABLED", "true"},
            {"OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, "OTEL_TRACES_EXPORTER", "none"}
        }) {
            try (RunningSteward steward = RunningSteward.create()
                            .queueingAlerts()
                            .tracing(off)
                            .start();
                    Lines lines = new Lines("json")) {
                steward.sendSample("service-start-impaired");
                steward.awaitDone();
                steward.stop();
                assertThat(eventOutcomes(lines, "io.ecssteward.events")).hasSize(1);
                assertThat(lines.written().toString())
                        .doesNotContain("trace_id")
                        .doesNotContain("span_id");
            }
        }
        assertThat(collector.requests()).isEmpty();
    }

    @Test
    void theStandardVariablesSwitchItOn() {
        assertThat(Traces.wanted(Traces.settings(Map.of("OTEL_TRACES_EXPORTER", "otlp"), Map.of())))
                .isTrue();
        assertThat(Traces.wanted(Traces.settings(
                        Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:4318/v1/traces"), Map.of())))
                .isTrue();
        assertThat(Traces.wanted(Traces.settings(Map.of(), Map.of("otel.exporter.otlp.endpoint", "http://c:4318"))))
                .isTrue();
        assertThat(Traces.wanted(Traces.settings(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " "), Map.of())))
                .isFalse();
        assertThat(Traces.wanted(
                        Traces.settings(Map.of("OTEL_TRACES_EXPORTER", "otlp"), Map.of("otel.sdk.disabled", "TRUE"))))
                .isFalse();
    }

    @Test
    void whatThisJarCannotDoIsToldWithTheRemedy() {
        assertThat(Traces.problems(Map.of())).isEmpty();
        assertThat(Traces.problems(Map.of("otel.traces.exporter", "zipkin")))
                .containsExactly("OTEL_TRACES_EXPORTER is 'zipkin'; set otlp, or none");
        assertThat(Traces.problems(Map.of("otel.traces.exporter", "otlp", "otel.exporter.otlp.protocol", "grpc")))
                .singleElement()
                .asString()
                .startsWith("OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'; set http/protobuf");
        assertThat(Traces.problems(Map.of("otel.exporter.otlp.protocol", "grpc")))
                .isEmpty();
    }
}
