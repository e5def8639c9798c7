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
 * Gauges of the services that run on-demand because Fargate Spot had no capacity, as of this process's latest sweep.
 * Replicas take turns, so the gauges become unknown (NaN) once another replica must have swept since.
 */
public final class FailoverMetrics implements FailoverSweepListener {

    static final String SERVICES = Metrics.PREFIX + "failover.services";

    private final Duration known;
    private volatile Sweep latest;

    private record Sweep(List<FailedOverService> found, Instant asked, long nanos) {}

    /** Registers the gauges, which are unknown (NaN) until the first sweep. */
    public FailoverMetrics(MeterRegistry registry, Duration sweep) {
        known = sweep.plus(sweep.dividedBy(2));
        gauge(registry, "on-demand", (service, asked) -> service.onDemand());
        gauge(registry, "watched", (service, asked) -> service.watched());
        // Services that became due since the previous sweep are moved back by this one, and are not overdue.
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
