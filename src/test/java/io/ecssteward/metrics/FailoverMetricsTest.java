package io.ecssteward.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.ecs.FailedOverService;
import io.ecssteward.ecs.FailoverTag;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the gauges say between two sweeps, and when another replica swept. */
class FailoverMetricsTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Duration SWEEP = Duration.ofHours(1);

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private double gauge(String state) {
        return registry.get(FailoverMetrics.SERVICES)
                .tag("state", state)
                .gauge()
                .value();
    }

    private static FailedOverService service(String phase, Instant until) {
        String value = phase + " FARGATE_SPOT:0:1 since 2026-11-20T08:00:00Z until " + until + " calm 30";
        FailoverTag tag = FailoverTag.parse(value).orElseThrow();
        return new FailedOverService("prod", "web", value, tag, null, until, 4, 4, false, 4, false);
    }

    @Test
    void nothingIsKnownBeforeTheFirstSweep() {
        new FailoverMetrics(registry, SWEEP);

        assertThat(gauge("on-demand")).isNaN();
        assertThat(gauge("overdue")).isNaN();
    }

    @Test
    void aServiceThatThisSweepTakesBackIsNotOverdue() {
        FailedOverService due = service("on-demand", NOW.minus(Duration.ofMinutes(31)));
        FailedOverService forgotten = service("on-demand", NOW.minus(Duration.ofMinutes(91)));
        FailedOverService watched = service("returned", NOW.plus(SWEEP));
        new FailoverMetrics(registry, SWEEP).swept(List.of(due, forgotten, watched), NOW);

        assertThat(gauge("on-demand")).isEqualTo(2);
        assertThat(gauge("watched")).isEqualTo(1);
        assertThat(gauge("overdue")).isEqualTo(1);
    }

    @Test
    void whatAnotherReplicaMustHaveFoundSinceIsNotKnown() {
        new FailoverMetrics(registry, Duration.ofNanos(1)).swept(List.of(), NOW);

        assertThat(gauge("on-demand")).isNaN();
    }
}
