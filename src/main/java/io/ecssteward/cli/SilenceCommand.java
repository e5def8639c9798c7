package io.ecssteward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.AlertJson;
import io.ecssteward.incident.AlertFacts;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentStore;
import io.ecssteward.incident.Silence;
import io.ecssteward.incident.SilenceWarnings;
import io.ecssteward.pattern.EventPattern;
import io.ecssteward.time.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine;

/** {@code silence}: adds, lists and ends silences. */
@CommandLine.Command(
        name = "silence",
        description = "Silences some alerts in Slack for a while, for all replicas.",
        exitCodeList = {
            "0:success",
            "1:there is no such silence, or DynamoDB refused",
            "2:the command line or a setting is wrong"
        },
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar silence add --cluster prod --service web --for 2h --comment load-test",
            "  java -jar ecs-steward.jar silence list",
            "  java -jar ecs-steward.jar silence expire s-7f3a"
        })
final class SilenceCommand extends StoreAccess {

    /** {@code silence add}: adds a silence. */
    @CommandLine.Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Silences the alerts that match all options, within 10 seconds.",
            exitCodeList = {"0:success", "1:DynamoDB refused", "2:the command line or a setting is wrong"},
            footer = {
                "",
                "Examples:",
                "  java -jar ecs-steward.jar silence add --cluster prod --service web --for 2h --comment load-test",
                "  java -jar ecs-steward.jar silence add --cluster dev-* --severity warning --until 18:00",
                "  java -jar ecs-steward.jar silence add --for 1h --pattern {\"service\":[{\"prefix\":\"batch-\"}]}"
            })
    int add(
            @CommandLine.Mixin SilenceOptions what,
            @CommandLine.Option(names = "--for", paramLabel = "TIME", description = "How long: 30m, 2h, 1d.")
                    String length,
            @CommandLine.Option(
                            names = "--until",
                            paramLabel = "TIME",
                            description = "When it ends: 18:00, 2026-12-01T18:00, or with an offset "
                                    + "2026-12-01T18:00:00Z. Without an offset, in your time zone.")
                    String until,
            @CommandLine.Option(names = "--comment", paramLabel = "TEXT", description = "Why.") String comment,
            @CommandLine.Option(
                            names = "--as",
                            paramLabel = "NAME",
                            description = "Who silences them. Default: your user name.")
                    String as) {
        return open((incidents, silences, now, out) -> {
            if ((length == null) == (until == null)) {
                throw new IllegalArgumentException("say how long: --for 2h, or --until 18:00");
            }
            ObjectNode pattern = what.pattern();
            Silence made = silences.add(
                    pattern,
                    now,
                    length == null ? end(until, now) : now.plus(Durations.parse(length)),
                    caller(as),
                    comment);
            out.println(made.id() + " holds until " + time(made.until()) + ": " + pattern);
            SilenceWarnings.of(pattern).forEach(warning -> err().println("warning: " + warning));
            EventPattern compiled = EventPattern.compile(pattern.toString());
            List<String> open = touch(
                    incidents,
                    now,
                    incident -> incident.alerts().stream()
                            .anyMatch(alert -> compiled.matches(AlertFacts.of(alert.latest()))));
            if (!open.isEmpty()) {
                out.println("It matches open incidents: " + String.join(", ", open));
            }
            return CommandLine.ExitCode.OK;
        });
    }

    /** Marks the matching open incidents as due, at a time when all replicas have read the silences. */
    private static List<String> touch(IncidentStore incidents, Instant now, Predicate<Incident> which) {
        List<String> touched = new ArrayList<>();
        for (IncidentStore.Stored stored : incidents.indexed()) {
            Incident incident = stored.incident();
            if (incident.status() != Incident.Status.RESOLVED && which.test(incident)) {
                // If another process writes the incident at the same time, that process checks it anyway.
                incidents.save(stored, incident, now.plusSeconds(10));
                touched.add(incident.id());
            }
        }
        return touched;
    }

    private static Instant end(String written, Instant now) {
        ZoneId here = ZoneId.systemDefault();
        try {
            return OffsetDateTime.parse(written).toInstant();
        } catch (DateTimeException e) {
            try {
                return LocalDateTime.parse(written).atZone(here).toInstant();
            } catch (DateTimeException alsoNot) {
                try {
                    ZonedDateTime today = now.atZone(here).with(LocalTime.parse(written));
                    return (today.toInstant().isAfter(now) ? today : today.plusDays(1)).toInstant();
                } catch (DateTimeException neither) {
                    throw new IllegalArgumentException(
                            "--until is '" + written + "'; set 18:00, 2026-12-01T18:00 or 2026-12-01T18:00:00Z");
                }
            }
        }
    }

    /** {@code silence list}: lists silences. */
    @CommandLine.Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists active and future silences: those that people added, and those in STEWARD_SILENCES.",
            exitCodeList = {
                "0:success, also if there is none",
                "1:DynamoDB refused or did not answer",
                "2:the command line or a setting is wrong"
            },
            footer = {"", "Example:", "  java -jar ecs-steward.jar silence list"})
    int list(@CommandLine.Option(names = "--json", description = "Print one line of JSON per silence.") boolean json) {
        return open((incidents, silences, now, out) -> {
            List<Silence> found = silences.all().stream()
                    .filter(silence -> !silence.over(now))
                    .toList();
            if (json) {
                found.forEach(silence -> out.print(json(silence, now) + System.lineSeparator()));
            } else if (found.isEmpty()) {
                out.println("nothing is silenced");
            } else {
                found.forEach(silence -> {
                    out.println("%-16s %-32s %s".formatted(silence.id(), times(silence, now), silence.pattern()));
                    if (silence.who() != null || silence.comment() != null) {
                        out.println("%-16s %s"
                                .formatted(
                                        "",
                                        (silence.who() == null ? "" : "by " + silence.who())
                                                + (silence.comment() == null ? "" : ": " + silence.comment())));
                    }
                });
            }
            return CommandLine.ExitCode.OK;
        });
    }

    private static String times(Silence silence, Instant now) {
        return silence.end(now)
                .map(end -> "until " + time(end))
                .orElseGet(() -> silence.weekly() == null
                        ? "from " + time(silence.from())
                        : "weekly, from " + silence.weekly().from());
    }

    private static JsonNode json(Silence silence, Instant now) {
        ObjectNode json = AlertJson.MAPPER
                .createObjectNode()
                .put("id", silence.id())
                .put("holds", silence.end(now).isPresent())
                .put("weekly", silence.weekly() != null);
        silence.end(now).ifPresent(end -> json.put("end", end.toString()));
        if (silence.weekly() == null) {
            json.put("from", silence.from().toString())
                    .put("until", silence.until().toString());
        }
        return json.put("who", silence.who()).put("comment", silence.comment()).set("pattern", silence.pattern());
    }

    /** {@code silence expire}: ends a silence. */
    @CommandLine.Command(
            name = "expire",
            mixinStandardHelpOptions = true,
            description = "Ends a silence. Alerts that still fire are posted within 20 seconds.",
            exitCodeList = {
                "0:success",
                "1:there is no such silence, or DynamoDB refused",
                "2:the command line or a setting is wrong"
            },
            footer = {"", "Example:", "  java -jar ecs-steward.jar silence expire s-7f3a"})
    int expire(
            @CommandLine.Parameters(
                            paramLabel = "ID",
                            description = "Its id, or the beginning of it, as silence list shows it.")
                    String id) {
        return open((incidents, silences, now, out) -> {
            List<String> ids = silences.all().stream()
                    .filter(silence -> !silence.over(now))
                    .map(Silence::id)
                    .toList();
            String named = named("silence", id, ids);
            if (!silences.expire(named)) {
                throw new NotFoundException(
                        named + " is planned in the file that STEWARD_SILENCES names; remove it there");
            }
            touch(incidents, now, incident -> named.equals(incident.silence()));
            out.println(named + " is over");
            return CommandLine.ExitCode.OK;
        });
    }
}
