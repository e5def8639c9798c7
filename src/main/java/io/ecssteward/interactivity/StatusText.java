package io.ecssteward.interactivity;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentAlert;
import io.ecssteward.incident.Incidents;
import io.ecssteward.incident.Silence;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/** Words the answers to {@code /steward status} and {@code /steward incidents}. */
final class StatusText {

    /** Our own limit: more than a screen shows. */
    private static final int LISTED = 20;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final CamelContext camelContext;
    private final Incidents incidents;
    private final ZoneId zone;

    /** Writes times in this zone. */
    StatusText(CamelContext camelContext, Incidents incidents, ZoneId zone) {
        this.camelContext = camelContext;
        this.incidents = incidents;
        this.zone = zone;
    }

    /** The state of Steward. */
    String status(int operators) {
        Instant now = new Answers(camelContext).now();
        String version = StatusText.class.getPackage().getImplementationVersion();
        List<Incident> open = open();
        long acknowledged = open.stream()
                .filter(incident -> incident.status() == Incident.Status.ACKNOWLEDGED)
                .count();
        List<Silence> holding = incidents.silences().all().stream()
                .filter(silence -> silence.end(now).isPresent())
                .toList();
        return Stream.of(
                        "ECS Steward " + (version == null ? "(not from a jar)" : version) + ". Times are in "
                                + zone.getId() + ".",
                        "Open incidents: " + count(open)
                                + (acknowledged == 0 ? "" : ", " + acknowledged + " acknowledged") + ".",
                        "Silences that hold: " + holding.size()
                                + holding.stream()
                                        .limit(LISTED)
                                        .map(silence -> "\n  " + line(silence, now))
                                        .collect(Collectors.joining()),
                        health(),
                        operators == 0
                                ? "Nobody may change ECS from here: STEWARD_SLACK_OPERATORS is empty."
                                : "The people in STEWARD_SLACK_OPERATORS may change ECS from here.")
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private String line(Silence silence, Instant now) {
        String service = service(silence);
        return silence.id() + "  " + (service == null ? silence.pattern().toString() : service)
                + silence.end(now).map(end -> " until " + time(end)).orElse("")
                + (silence.who() == null ? "" : " by " + silence.who())
                + (silence.comment() == null ? "" : ": " + silence.comment());
    }

    /** {@code prod/web}; null if the silence is not about a service. */
    static String service(Silence silence) {
        JsonNode service = silence.pattern().path("service");
        return service.isEmpty()
                ? null
                : silence.pattern().path("cluster").path(0).asText("*") + "/"
                        + service.path(0).asText("*");
    }

    String time(Instant time) {
        return TIME.format(time.atZone(zone));
    }

    private String health() {
        Collection<HealthCheck.Result> results = HealthCheckHelper.invoke(camelContext);
        String down = results.stream()
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .map(result ->
                        result.getCheck().getId() + ": " + result.getMessage().orElse("no reason given"))
                .sorted()
                .collect(Collectors.joining("\n  ", "\n  ", ""));
        return results.isEmpty() ? "" : down.isBlank() ? "Health: up." : "Health: down." + down;
    }

    private static String count(List<Incident> open) {
        String by = Stream.of(Severity.values())
                .map(severity -> open.stream()
                                .filter(incident -> incident.severity() == severity)
                                .count() + " " + EnumWord.of(severity))
                .filter(count -> !count.startsWith("0 "))
                .collect(Collectors.joining(", "));
        return open.size() + (by.isEmpty() ? "" : " (" + by + ")");
    }

    /** The open incidents, the most severe first. */
    String incidents() {
        List<Incident> open = open();
        String more = open.size() > LISTED ? "\nand " + (open.size() - LISTED) + " more" : "";
        return open.isEmpty()
                ? "Nothing is open."
                : open.stream().limit(LISTED).map(this::line).collect(Collectors.joining("\n")) + more;
    }

    private String line(Incident incident) {
        IncidentAlert worst = incident.worst();
        String state = incident.acknowledgedBy() != null
                ? ", acknowledged by " + incident.acknowledgedBy()
                : incident.flapping() != null ? ", flapping" : "";
        return incident.id() + "  " + EnumWord.of(incident.severity()) + state + "  "
                + (worst == null ? incident.about() : worst.latest().title()) + "  (since "
                + time(incident.opened()) + " " + zone.getId() + ", " + incident.channel() + ")";
    }

    private List<Incident> open() {
        return incidents.open().stream()
                .filter(Answers::isOpen)
                .sorted(Comparator.comparing(Incident::severity).thenComparing(Incident::opened))
                .toList();
    }
}
