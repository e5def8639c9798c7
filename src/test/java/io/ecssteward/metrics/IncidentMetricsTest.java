package io.ecssteward.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentRules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IncidentMetricsTest {

    private static final IncidentRules RULES = IncidentRules.DEFAULT;
    private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final IncidentMetrics metrics = new IncidentMetrics(registry);

    private static Alert alert(Alert.State state, Instant time) {
        return Alert.about("web/down")
                .incident("service/web")
                .channel("#ops")
                .state(state)
                .severity(Severity.ERROR)
                .title("web is down")
                .origin("event/" + time)
                .time(time)
                .build();
    }

    private double changes(String change) {
        return registry.get(IncidentMetrics.INCIDENTS)
                .tags("change", change, "severity", "error")
                .counter()
                .count();
    }

    @Test
    void eachChangeIsCountedOnceAndTimedFromTheOpening() {
        Incident opened = Incident.of(alert(Alert.State.FIRING, TEN), TEN, RULES);
        metrics.changed(null, opened);
        Incident acknowledged = opened.acknowledge("U1", TEN.plusSeconds(120));
        metrics.changed(opened, acknowledged);
        Instant end = TEN.plus(Duration.ofMinutes(30));
        Incident resolved = acknowledged.apply(alert(Alert.State.RESOLVED, end), end, RULES);
        metrics.changed(acknowledged, resolved);
        Incident sent = resolved.announced(resolved.outbox().get(0));
        metrics.changed(resolved, sent);

        assertThat(changes("opened")).isEqualTo(1);
        assertThat(changes("acknowledged")).isEqualTo(1);
        assertThat(changes("resolved")).isEqualTo(1);
        assertThat(changes("reopened")).isZero();
        assertThat(registry.get(IncidentMetrics.ACKNOWLEDGE).timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(120);
        assertThat(registry.get(IncidentMetrics.RESOLVE).timer().totalTime(TimeUnit.MINUTES))
                .isEqualTo(30);
    }

    @Test
    void whatIsOpenIsAsItWasCountedLast() {
        metrics.counted(Map.of(Severity.ERROR, 3));
        metrics.counted(Map.of(Severity.WARNING, 1));

        assertThat(open("error")).isZero();
        assertThat(open("warning")).isEqualTo(1);
    }

    private double open(String severity) {
        return registry.get(IncidentMetrics.OPEN)
                .tag("severity", severity)
                .gauge()
                .value();
    }

    @Test
    void silencedAlertsAreCounted() {
        Incident opened = Incident.of(alert(Alert.State.FIRING, TEN), TEN, RULES);
        metrics.changed(null, opened);
        Incident silenced = opened.silenced(Map.of(opened.alerts().get(0).key(), "s-1"), TEN);
        metrics.changed(opened, silenced);
        Instant later = TEN.plusSeconds(60);
        metrics.changed(silenced, silenced.apply(alert(Alert.State.FIRING, later), later, RULES));

        assertThat(registry.get(IncidentMetrics.SILENCED).counter().count()).isEqualTo(2);
    }
}
