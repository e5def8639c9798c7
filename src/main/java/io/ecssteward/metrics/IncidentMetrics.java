package io.ecssteward.metrics;

import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentAlert;
import io.ecssteward.incident.IncidentListener;
import io.ecssteward.incident.OpenIncidentsListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Counts incidents: how many are open, what happens to them, and how long it takes until they are acknowledged and
 * resolved.
 */
public final class IncidentMetrics implements IncidentListener, OpenIncidentsListener {

    static final String OPEN = Metrics.PREFIX + "incidents.open";
    static final String INCIDENTS = Metrics.PREFIX + "incidents";
    static final String ACKNOWLEDGE = Metrics.PREFIX + "incident.acknowledge";
    static final String RESOLVE = Metrics.PREFIX + "incident.resolve";
    static final String SILENCED = Metrics.PREFIX + "alerts.silenced";

    /** The beginning of the detail-type of an incident's events. */
    private static final String INCIDENT = "Incident ";

    private static final List<String> CHANGES =
            List.of("opened", "reopened", "acknowledged", "unacknowledged", "resolved");

    /** From incidents that resolve by themselves to those that last over a weekend. */
    private static final Duration[] BUCKETS = Stream.of(1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1_440, 4_320)
            .map(Duration::ofMinutes)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<Severity, AtomicInteger> open = new EnumMap<>(Severity.class);

    /** Registers all metrics at zero: otherwise, the first increment would not show as a change. */
    public IncidentMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Severity severity : Severity.values()) {
            AtomicInteger number = new AtomicInteger();
            open.put(severity, number);
            Gauge.builder(OPEN, number, AtomicInteger::get)
                    .tag("severity", EnumWord.of(severity))
                    .register(registry);
        }
        CHANGES.forEach(change -> Stream.of(Severity.values()).forEach(severity -> changes(change, severity)));
        List.of(ACKNOWLEDGE, RESOLVE).forEach(this::timer);
        registry.counter(SILENCED);
    }

    private Counter changes(String change, Severity severity) {
        return registry.counter(INCIDENTS, "change", change, "severity", EnumWord.of(severity));
    }

    private Timer timer(String name) {
        return Timer.builder(name).serviceLevelObjectives(BUCKETS).register(registry);
    }

    @Override
    public void changed(Incident before, Incident after) {
        Collection<Incident.Announcement> known = before == null ? List.of() : before.outbox();
        after.outbox().stream().filter(one -> !known.contains(one)).forEach(one -> {
            String change = one.what().replaceFirst("^" + INCIDENT, "").toLowerCase(Locale.ROOT);
            changes(change, after.severity()).increment();
            if (change.equals("acknowledged")) {
                timer(ACKNOWLEDGE).record(since(after, one.at()));
            } else if (change.equals("resolved")) {
                timer(RESOLVE).record(since(after, one.at()));
            }
        });
        registry.counter(SILENCED).increment(silenced(before, after));
    }

    /** The time since it was last opened: the time in which it was resolved does not count. */
    private static Duration since(Incident incident, Instant at) {
        List<Instant> openings = incident.openings();
        Instant opened = openings.isEmpty() ? incident.opened() : openings.get(openings.size() - 1);
        Duration took = Duration.between(opened, at);
        // The clocks of replicas differ.
        return took.isNegative() ? Duration.ZERO : took;
    }

    /** Counts alerts that fire under a silence for the first time. */
    private static int silenced(Incident before, Incident after) {
        if (after.silence() == null) {
            return 0;
        }
        if (before == null || before.silence() == null) {
            return after.shown().state() == 0 ? firings(after) : 0;
        }
        return Math.max(0, firings(after) - firings(before));
    }

    private static int firings(Incident incident) {
        return incident.alerts().stream().mapToInt(IncidentAlert::count).sum();
    }

    @Override
    public void counted(Map<Severity, Integer> open) {
        this.open.forEach((severity, number) -> number.set(open.getOrDefault(severity, 0)));
    }
}
