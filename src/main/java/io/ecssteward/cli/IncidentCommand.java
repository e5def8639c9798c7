package io.ecssteward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.AlertJson;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentAlert;
import io.ecssteward.incident.IncidentStore;
import io.ecssteward.incident.Silences;
import io.ecssteward.incident.StoryLine;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code incident}: shows, acknowledges and resolves incidents. */
@CommandLine.Command(
        name = "incident",
        description = "Shows incidents and their history, acknowledges them and resolves them.",
        exitCodeList = {
            "0:success",
            "1:there is no such incident, or DynamoDB refused",
            "2:the command line or a setting is wrong"
        },
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar incident list",
            "  java -jar ecs-steward.jar incident show web-7f3a",
            "  java -jar ecs-steward.jar incident ack web-7f3a --as alex"
        })
final class IncidentCommand extends StoreAccess {

    private static final int MAX_ATTEMPTS = 10;

    /** Lists incidents, the latest first. */
    @CommandLine.Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the open incidents, the latest first.",
            exitCodeList = {
                "0:success, also if there is none",
                "1:DynamoDB refused or did not answer",
                "2:the command line or a setting is wrong"
            },
            footer = {
                "",
                "Examples:",
                "  java -jar ecs-steward.jar incident list",
                "  java -jar ecs-steward.jar incident list --all --json"
            })
    int list(
            @CommandLine.Option(
                            names = "--all",
                            description = "Include incidents resolved in the last 14 days. Reads the whole table, and "
                                    + "needs dynamodb:Scan.")
                    boolean all,
            @CommandLine.Option(names = "--json", description = "Print one line of JSON per incident.") boolean json) {
        return open((incidents, silences, now, out) -> {
            List<Incident> found = all
                    ? incidents.all()
                    : incidents.indexed().stream()
                            .map(IncidentStore.Stored::incident)
                            .filter(i -> i.status() != Incident.Status.RESOLVED)
                            .sorted(Comparator.comparing(Incident::opened).reversed())
                            .toList();
            if (json) {
                found.forEach(incident -> out.print(AlertJson.MAPPER.valueToTree(incident) + System.lineSeparator()));
            } else if (found.isEmpty()) {
                out.println(all ? "no incident in the last 14 days" : "no incident is open");
            } else {
                found.forEach(incident -> out.println(summary(incident)));
            }
            return CommandLine.ExitCode.OK;
        });
    }

    private static String summary(Incident incident) {
        return "%-16s %-13s %-9s %s  %s"
                .formatted(
                        incident.id(),
                        EnumWord.of(incident.status()) + (incident.silence() == null ? "" : ", silenced"),
                        EnumWord.of(incident.severity()),
                        time(incident.opened()),
                        Dlq.line(
                                incident.worst() == null
                                        ? incident.about()
                                        : incident.worst().latest().title()));
    }

    /** {@code incident show}: shows an incident with its story. */
    @CommandLine.Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows an incident: its alerts and its history.",
            exitCodeList = {
                "0:success",
                "1:there is no such incident, or DynamoDB refused",
                "2:the command line or a setting is wrong"
            },
            footer = {"", "Example:", "  java -jar ecs-steward.jar incident show web-7f3a"})
    int show(
            @CommandLine.Parameters(
                            paramLabel = "ID",
                            description = "Its id, or the beginning of an open one's, as incident list shows it.")
                    String id,
            @CommandLine.Option(names = "--json", description = "Print one JSON object.") boolean json) {
        return open((incidents, silences, now, out) -> {
            Incident incident = find(incidents, id).incident();
            if (json) {
                print(AlertJson.MAPPER.<JsonNode>valueToTree(incident));
            } else {
                print(incident, silences, now, out);
            }
            return CommandLine.ExitCode.OK;
        });
    }

    private void print(Incident incident, Silences silences, Instant now, PrintWriter out) {
        out.println(colors().strong(incident.id()) + "  " + Dlq.line(incident.about()));
        row(out, "status", status(incident));
        Instant silent =
                incident.worst() == null ? null : silences.ends(incident.worst().latest(), now);
        if (silent != null) {
            row(out, "silenced", "until " + time(silent));
        }
        row(out, "severity", EnumWord.of(incident.severity()));
        row(out, "channel", incident.channel() == null ? "the default one" : incident.channel());
        row(
                out,
                "opened",
                time(incident.opened())
                        + (incident.resolved() == null ? "" : ", resolved " + time(incident.resolved())));
        for (IncidentAlert alert : incident.alerts()) {
            row(
                    out,
                    "alert",
                    (alert.firing() ? "fires" : "ended") + ", " + alert.count()
                            + (alert.count() == 1 ? " time" : " times")
                            + ", last " + time(alert.last()) + ": "
                            + alert.latest().title());
        }
        out.println();
        for (StoryLine line : incident.story()) {
            out.println("  " + time(line.at()) + "  " + Dlq.line(line.text()));
        }
    }

    private static String status(Incident incident) {
        return EnumWord.of(incident.status())
                + (incident.acknowledgedBy() == null ? "" : " by " + incident.acknowledgedBy())
                + (incident.silence() == null ? "" : ", silenced by " + incident.silence())
                + (incident.flapping() == null ? "" : ", flapping");
    }

    /** {@code incident resolve}: resolves an incident. */
    @CommandLine.Command(
            name = "resolve",
            mixinStandardHelpOptions = true,
            description = "Resolves an incident, even if alerts still fire. Slack shows it within 10 seconds.",
            exitCodeList = {
                "0:success, also if it was resolved before",
                "1:there is no such incident, or DynamoDB refused",
                "2:the command line or a setting is wrong"
            },
            footer = {"", "Example:", "  java -jar ecs-steward.jar incident resolve web-7f3a"})
    int resolve(
            @CommandLine.Parameters(paramLabel = "ID", description = "Its id, or the beginning of it.") String id,
            @CommandLine.Option(
                            names = "--as",
                            paramLabel = "NAME",
                            description = "Who resolves it. Default: your user name.")
                    String as) {
        String who = caller(as);
        return open((incidents, silences, now, out) -> {
            change(incidents, id, now, out, incident -> incident.close(who, now));
            return CommandLine.ExitCode.OK;
        });
    }

    /** {@code incident ack}: acknowledges an incident. */
    @CommandLine.Command(
            name = "ack",
            mixinStandardHelpOptions = true,
            description = "Acknowledges an incident: somebody is on it. Slack shows this within 10 seconds.",
            exitCodeList = {
                "0:success, also if it was acknowledged before",
                "1:there is no such incident, or DynamoDB refused",
                "2:the command line or a setting is wrong"
            },
            footer = {"", "Example:", "  java -jar ecs-steward.jar incident ack web-7f3a --as alex"})
    int ack(
            @CommandLine.Parameters(paramLabel = "ID", description = "Its id, or the beginning of it.") String id,
            @CommandLine.Option(
                            names = "--as",
                            paramLabel = "NAME",
                            description = "Who acknowledges it. Default: your user name.")
                    String as) {
        String who = caller(as);
        return open((incidents, silences, now, out) -> {
            change(incidents, id, now, out, incident -> incident.acknowledge(who, now));
            return CommandLine.ExitCode.OK;
        });
    }

    /** Changes an incident, and marks it as due, so that a replica shows the change at its next sweep. */
    private static void change(
            IncidentStore incidents, String id, Instant now, PrintWriter out, UnaryOperator<Incident> change) {
        IncidentStore.Stored found = find(incidents, id);
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            IncidentStore.Stored read = i == 0 ? found : incidents.get(found.key());
            if (read.incident() == null
                    || !read.incident().id().equals(found.incident().id())) {
                break;
            }
            Incident changed = change.apply(read.incident());
            boolean same = Objects.equals(changed, read.incident());
            if (same || incidents.save(read, changed, now)) {
                out.println(changed.id() + (same ? " was already " : " is ") + status(changed));
                return;
            }
        }
        throw new NotFoundException(found.incident().id() + " changes faster than this can write; try again");
    }

    private static IncidentStore.Stored find(IncidentStore incidents, String id) {
        IncidentStore.Stored exact = incidents.byId(id);
        if (exact.incident() != null) {
            return exact;
        }
        List<IncidentStore.Stored> open = incidents.indexed();
        String named =
                named("incident", id, open.stream().map(s -> s.incident().id()).collect(Collectors.toList()));
        return open.stream()
                .filter(s -> s.incident().id().equals(named))
                .findFirst()
                .orElseThrow();
    }

    private static void row(PrintWriter out, String label, String text) {
        out.printf("  %-9s %s%n", label, Dlq.line(text));
    }
}
