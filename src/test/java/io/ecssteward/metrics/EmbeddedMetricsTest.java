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
        return new ObjectMapper().readTree(embedded.line(NOW));
    }

    private void count(String type, String outcome) {
        registry.counter(Metrics.EVENTS, "type", type, "outcome", outcome).increment();
    }

    @Test
    void aLineHasTheCountsSinceTheLast() throws IOException {
        count("task-state-change", "duplicate");
        count("service-action", "duplicate");
        count("service-action", "acted");
        JsonNode first = line();
        assertThat(first.path("steward_events.duplicate").doubleValue()).isEqualTo(2);
        assertThat(first.path("steward_events.acted").doubleValue()).isEqualTo(1);
        count("service-action", "acted");
        JsonNode second = line();
        assertThat(second.path("steward_events.duplicate").doubleValue()).isZero();
        assertThat(second.path("steward_events.acted").doubleValue()).isEqualTo(1);
    }

    @Test
    void timesAreTheMinutesMeanAndTheMost() throws IOException {
        registry.timer(Metrics.TO_EFFECT, "sink", "ecs").record(Duration.ofSeconds(1));
        registry.timer(Metrics.TO_EFFECT, "sink", "ecs").record(Duration.ofSeconds(3));
        JsonNode line = line();
        assertThat(line.path("steward_event_to_effect.ecs.mean").doubleValue()).isEqualTo(2);
        assertThat(line.path("steward_event_to_effect.ecs.max").doubleValue()).isEqualTo(3);
        assertThat(line().has("steward_event_to_effect.ecs.mean")).isFalse();
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
    @Test
    void everyMetricThatALineDeclaresIsInIt() throws IOException {
        for (int i = 0; i < 150; i++) {
            count("x", "outcome-" + i);
        }
        JsonNode line = line();
        assertThat(line.path("_aws").path("Timestamp").longValue()).isEqualTo(NOW.toEpochMilli());
        JsonNode directives = line.path("_aws").path("CloudWatchMetrics");
        assertThat(directives).hasSize(2).allSatisfy(directive -> {
            assertThat(directive.path("Namespace").textValue()).isEqualTo("ECSSteward");
            assertThat(directive.path("Metrics")).hasSizeLessThanOrEqualTo(100).allSatisfy(metric -> {
                assertThat(line.path(metric.path("Name").textValue()).isNumber()).isTrue();
                assertThat(metric.path("Unit").textValue()).isIn("Count", "Seconds");
            });
            assertThat(directive.path("Dimensions")).hasSize(1);
            directive.path("Dimensions").path(0).forEach(d -> assertThat(line.path(d.textValue()).isTextual()).isTrue());
        });
        assertThat(line.toString()).doesNotContain("\n").hasSizeLessThan(256 * 1024);
    }

    @Test
    void whatHappenedSinceTheLastMinuteIsToldAtTheEnd() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addService(embedded);
            camel.start();
            count("service-action", "acted");
            assertThat(lines).isEmpty();
        }
        assertThat(lines).singleElement().asString().contains("\"steward_events.acted\":1.0");
    }

    @Test
    void labelsThatComeOutOfEventsAreBounded() {
        Label label = new Label(2);
        assertThat(List.of(label.of("a"), label.of("b"), label.of("c"), label.of("a"))).containsExactly("a", "b", "other", "a");
    }
}
