package io.ecssteward.incident;

import io.ecssteward.alert.Severity;
import io.ecssteward.incident.IncidentStore.Stored;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts the open incidents by severity, once a minute. */
final class OpenIncidents {
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final IncidentStore store;
    private final Set<OpenIncidentsListener> listeners;
    private final Clock clock;
    private Instant next = Instant.MIN;

    OpenIncidents(IncidentStore store, Set<OpenIncidentsListener> listeners, Clock clock) {
        this.store = store;
        this.listeners = listeners;
        this.clock = clock;
    }

    /**
     * Counts them at most once a minute: this reads every open incident, which is too slow for each scrape of the
     * metrics.
     */
    void count() {
        Instant now = clock.instant();
        if (listeners.isEmpty() || now.isBefore(next)) {
            return;
        }
        next = now.plus(EVERY);
        Map<Severity, Integer> open = store.indexed().stream()
                .map(Stored::incident)
                .filter(incident -> incident.status() != Incident.Status.RESOLVED)
                .collect(Collectors.groupingBy(Incident::severity, Collectors.summingInt(incident -> 1)));
        listeners.forEach(listener -> listener.counted(open));
    }
}
