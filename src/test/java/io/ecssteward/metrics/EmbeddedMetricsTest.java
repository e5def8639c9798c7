package io.ecssteward.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class EmbeddedMetricsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Metrics metrics = new Metrics(registry);
    private final List<String> lines = new ArrayList<>();
    private final EmbeddedMetrics embedded = new EmbeddedMetrics(registry, lines::add);

    private JsonNode line() throws IOException {
        List<String> all = embedded.lines(NOW);
        assertThat(all).hasSize(1);
        return new ObjectMapper().readTree(all.get(0));
    }

    private void count(String type, String outcome) {
        registry.counter(Metrics.EVENTS, "type", type, "outcome", outcome).increment();
    }

    @Test
    void aLineHasTheCountsSinceTheLast() throws IOException {
        count("task-state-change", "duplicate");
        count("service-action", "duplicate");
        count("service-action", "performed");
        JsonNode first = line();
        assertThat(first.path("steward_events.duplicate").doubleValue()).isEqualTo(2);
        assertThat(first.path("steward_events.performed").doubleValue()).isEqualTo(1);
        count("service-action", "performed");
        JsonNode second = line();
        assertThat(second.path("steward_events.duplicate").doubleValue()).isZero();
        assertThat(second.path("steward_events.performed").doubleValue()).isEqualTo(1);
    }

    @Test
    void aMinuteThatCannotBeToldEndsNothing() {
        AtomicInteger told = new AtomicInteger();
        EmbeddedMetrics failing = new EmbeddedMetrics(registry, line -> {
            if (told.incrementAndGet() == 1) {
                throw new IllegalStateException("nobody listens");
            }
        });
        failing.report();
        failing.report();
        assertThat(told).hasValue(2);
    }

    @Test
    void timesAreTheMinutesMeanAndTheMost() throws IOException {
        registry.timer(Metrics.REACTION, "sink", "ecs").record(Duration.ofSeconds(1));
        registry.timer(Metrics.REACTION, "sink", "ecs").record(Duration.ofSeconds(3));
        JsonNode line = line();
        assertThat(line.path("steward_reaction.ecs.mean").doubleValue()).isEqualTo(2);
        assertThat(line.path("steward_reaction.ecs.max").doubleValue()).isEqualTo(3);
        assertThat(line().has("steward_reaction.ecs.mean")).isFalse();
    }

    @Test
    void gaugesSayHowThingsStand() throws IOException {
        AtomicInteger waiting = new AtomicInteger(3);
        metrics.gauge("slack.waiting", waiting::get);
        metrics.gauge("queue.message.age.seconds", () -> Double.NaN, "queue", "urgent");
        assertThat(line().path("steward_slack_waiting").doubleValue()).isEqualTo(3);
        waiting.set(1);
        assertThat(line().path("steward_slack_waiting").doubleValue()).isEqualTo(1);
        assertThat(line().has("steward_queue_message_age_seconds.urgent")).isFalse();
    }

    /** What the specification demands; see {@link EmbeddedMetrics}. */
    private static void assertWithinTheLimits(String text) {
        assertThat(text).doesNotContain("\n").hasSizeLessThanOrEqualTo(16 * 1024);
        JsonNode line;
        try {
            line = new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
        assertThat(line.path("_aws").path("Timestamp").longValue()).isEqualTo(NOW.toEpochMilli());
        JsonNode directives = line.path("_aws").path("CloudWatchMetrics");
        assertThat(directives).hasSize(1);
        JsonNode directive = directives.path(0);
        assertThat(directive.path("Namespace").textValue()).isEqualTo("ECSSteward");
        assertThat(directive.path("Metrics")).hasSizeBetween(1, 100).allSatisfy(metric -> {
            assertThat(line.path(metric.path("Name").textValue()).isNumber()).isTrue();
            assertThat(metric.path("Unit").textValue()).isIn("Count", "Seconds");
        });
        assertThat(directive.path("Dimensions")).hasSize(1);
        assertThat(directive.path("Dimensions").path(0))
                .hasSizeLessThanOrEqualTo(30)
                .allSatisfy(
                        d -> assertThat(line.path(d.textValue()).isTextual()).isTrue());
    }

    private static List<String> names(List<String> lines) {
        return lines.stream()
                .flatMap(line -> {
                    try {
                        return new ObjectMapper().readTree(line).path("_aws").findValuesAsText("Name").stream();
                    } catch (IOException e) {
                        throw new AssertionError("no JSON: " + line, e);
                    }
                })
                .toList();
    }

    @Test
    void moreMetricsThanALineMayHaveAreSeveralLines() {
        int fromTheStart = names(embedded.lines(NOW)).size();
        for (int i = 0; i < 1_000; i++) {
            count("x", "outcome-" + i);
        }
        List<String> split = embedded.lines(NOW);
        assertThat(split)
                .hasSize((1_000 + fromTheStart + 99) / 100)
                .allSatisfy(EmbeddedMetricsTest::assertWithinTheLimits);
        assertThat(names(split))
                .hasSize(1_000 + fromTheStart)
                .doesNotHaveDuplicates()
                .contains("steward_events.outcome-0", "steward_events.outcome-999");
    }

    @Test
    void longNamesMakeMoreLines() {
        for (int i = 0; i < 300; i++) {
            count("x", "o".repeat(200) + i);
        }
        assertThat(embedded.lines(NOW)).hasSizeGreaterThan(4).allSatisfy(EmbeddedMetricsTest::assertWithinTheLimits);
    }

    @Test
    void whatIsThereWithoutAnythingDoneIsOneLine() {
        assertThat(embedded.lines(NOW)).singleElement().satisfies(EmbeddedMetricsTest::assertWithinTheLimits);
    }

    @Test
    void aPointInTimeIsLeftOut() throws IOException {
        metrics.gauge("heartbeat.timestamp.seconds", () -> 1.8e9);
        assertThat(line().toString()).doesNotContain("timestamp");
    }

    @Test
    void whatHappenedSinceTheLastMinuteIsToldAtTheEnd() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addService(embedded);
            camel.start();
            count("service-action", "performed");
            assertThat(lines).isEmpty();
        }
        assertThat(lines).singleElement().asString().contains("\"steward_events.performed\":1.0");
    }

    @Test
    void labelsThatComeOutOfEventsAreBounded() {
        BoundedLabel label = new BoundedLabel(2);
        assertThat(List.of(label.of("a"), label.of("b"), label.of("c"), label.of("a")))
                .containsExactly("a", "b", "other", "a");
    }
}
