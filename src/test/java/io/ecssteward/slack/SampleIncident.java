package io.ecssteward.slack;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentAlert;
import io.ecssteward.incident.Shown;
import io.ecssteward.incident.Shown.Attempt.What;
import io.ecssteward.incident.StoryLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Incidents as they can be, made without what makes them. */
final class SampleIncident {
    static final Instant OPENED = Instant.parse("2026-11-28T10:02:03Z");

    static final Alert PLACEMENT = Alert.about("service/111122223333/eu-west-1/prod/web/SERVICE_TASK_PLACEMENT_FAILURE")
            .severity(Severity.ERROR)
            .title("prod/web cannot place a task")
            .text("No container instance met all of its requirements.")
            .field("Cluster", "prod")
            .field("Service", "web")
            .link("View service", "https://console.aws.amazon.com/ecs/v2/clusters/prod/services/web/health")
            .time(OPENED)
            .build();

    static final Alert STOPPED = PLACEMENT
            .change()
            .key("service/111122223333/eu-west-1/prod/web/stopped")
            .severity(Severity.WARNING)
            .title("web stopped in prod/web")
            .text("Task failed ELB health checks.")
            .build();

    private String id = "web-7f3a";
    private String channel = "#ops";
    private Incident.Status status = Incident.Status.OPEN;
    private Instant resolved;
    private final List<IncidentAlert> alerts = new ArrayList<>();
    private final List<StoryLine> story = new ArrayList<>();
    private String acknowledgedBy;
    private List<Instant> openings = List.of(OPENED);
    private Instant flapping;
    private Shown shown = Shown.NOTHING;

    static SampleIncident with(Alert... firing) {
        SampleIncident incident = new SampleIncident();
        for (Alert alert : firing) {
            incident.alert(alert, 1, null);
        }
        return incident;
    }

    SampleIncident alert(Alert alert, int count, Instant ended) {
        alerts.add(new IncidentAlert(alert, count, OPENED, OPENED, ended, null));
        return this;
    }

    SampleIncident id(String id) {
        this.id = id;
        return this;
    }

    SampleIncident channel(String channel) {
        this.channel = channel;
        return this;
    }

    SampleIncident line(StoryLine.Kind kind, String text) {
        return line(kind, text, null);
    }

    SampleIncident line(StoryLine.Kind kind, String text, String alert) {
        story.add(new StoryLine(story.size() + 1, OPENED.plusSeconds(60L * story.size()), kind, text, alert));
        return this;
    }

    SampleIncident acknowledged(String by) {
        status = Incident.Status.ACKNOWLEDGED;
        acknowledgedBy = by;
        return this;
    }

    SampleIncident flapping(int openings) {
        flapping = OPENED.plusSeconds(600);
        this.openings = Collections.nCopies(openings, OPENED);
        return this;
    }

    SampleIncident resolvedAfter(Duration duration) {
        status = Incident.Status.RESOLVED;
        resolved = OPENED.plus(duration);
        alerts.replaceAll(alert -> new IncidentAlert(
                alert.latest(), alert.count(), alert.first(), alert.last(), resolved, alert.posted()));
        return this;
    }

    SampleIncident shown(String channelId, String ts) {
        shown = new Shown(channelId, ts, 1, 1, OPENED, shown.attempt());
        return this;
    }

    SampleIncident attempt(int number, boolean reply) {
        shown = new Shown(
                shown.channel(),
                shown.ts(),
                shown.state(),
                shown.line(),
                shown.edited(),
                new Shown.Attempt(reply ? What.REPLY : What.MESSAGE, number, "a process", OPENED.plusSeconds(60)));
        return this;
    }

    List<StoryLine> story() {
        return List.copyOf(story);
    }

    Incident build() {
        return new Incident(
                id,
                "service/111122223333/eu-west-1/prod/web",
                channel,
                status,
                alerts.stream()
                        .map(alert -> alert.latest().severity())
                        .min(Comparator.naturalOrder())
                        .orElse(Severity.INFO),
                OPENED,
                resolved,
                List.copyOf(alerts),
                story(),
                acknowledgedBy,
                openings,
                flapping,
                0,
                null,
                List.of(),
                List.of(),
                story.size() + 1,
                shown,
                new Incident.Memory(Severity.ERROR, OPENED, false, 0, 1, Map.of(), Map.of()));
    }
}
