package io.ecssteward.metrics;

import io.ecssteward.ecs.FailedOverService;
import io.ecssteward.ecs.FailoverSweepListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Gauges of the services that run on-demand because Fargate Spot was short, as the latest sweep of this process found
 * them. Replicas take turns, so what a replica found is unknown (NaN) when another one must have swept since.
 */
public final class FailoverMetrics implements FailoverSweepListener {

    static final String SERVICES = Metrics.PREFIX + "failover.services";

    private final Duration known;
    private volatile Sweep latest;

    private record Sweep(List<FailedOverService> found, Instant asked, long nanos) {}

    /** Gauges that are unknown until the first sweep. */
    public FailoverMetrics(MeterRegistry registry, Duration sweep) {
        known = sweep.plus(sweep.dividedBy(2));
        gauge(registry, "on-demand", (service, asked) -> service.onDemand());
        gauge(registry, "watched", (service, asked) -> service.watched());
        // Those that became due since the sweep before go back because of this one.
        gauge(registry, "overdue", (service, asked) -> service.overdue(asked.minus(sweep)));
    }

    private void gauge(MeterRegistry registry, String state, BiPredicate<FailedOverService, Instant> counts) {
        Gauge.builder(SERVICES, () -> value(counts)).tag("state", state).register(registry);
    }

    private double value(BiPredicate<FailedOverService, Instant> counts) {
        Sweep sweep = latest;
        return sweep == null || System.nanoTime() - sweep.nanos() > known.toNanos()
                ? Double.NaN
                : sweep.found().stream()
                        .filter(service -> counts.test(service, sweep.asked()))
                        .count();
    }

    @Override
    public void swept(List<FailedOverService> found, Instant now) {
        latest = new Sweep(List.copyOf(found), now, System.nanoTime());
    }
}
