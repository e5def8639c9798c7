package io.ecssteward.simulation;

import io.ecssteward.claim.MemoryClaimStore;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a {@link SimulationReport} for people. */
final class SimulationText {

    private final SimulationReport report;
    private final PrintWriter out;

    /** Prints this report. */
    SimulationText(SimulationReport report, PrintWriter out) {
        this.report = report;
        this.out = out;
    }

    /**
     * Prints the report.
     *
     * @param dropped how many follow-ups were not delivered, because too many were waiting
     * @param evictedEarly how many claims were evicted before their cool-down ended
     */
    void print(EventRecording.Reading reading, long dropped, long evictedEarly) {
        printReading(out, reading, report.first, report.last);
        out.println();
        out.println("Events: " + report.count);
        int width =
                report.events.keySet().stream().mapToInt(String::length).max().orElse(0);
        report.events.forEach((type, outcomes) -> {
            List<String> parts = new ArrayList<>();
            outcomes.forEach((word, times) -> {
                if (!word.equals("events")) {
                    parts.add(word + " " + times);
                }
            });
            out.printf("  %-" + width + "s %8d   %s%n", type, outcomes.get("events"), String.join(", ", parts));
        });
        out.println();
        report.grouping.lines().forEach(out::println);
        out.println();
        out.println("Messages by channel: " + report.alerts() + describePerDay(report.alerts()));
        int names =
                report.channels.keySet().stream().mapToInt(String::length).max().orElse(1);
        report.channels.forEach((name, channel) -> {
            List<String> parts = new ArrayList<>();
            channel.severities.forEach((severity, times) -> parts.add(severity + " " + times));
            out.printf(
                    "  %-" + names + "s %8d%s   %s; most in a minute: %d, at %s%s%n",
                    name,
                    channel.alerts,
                    describePerDay(channel.alerts),
                    String.join(", ", parts),
                    channel.inBusiest,
                    channel.busiest,
                    channel.inBusiest > 60 ? ", more than Slack accepts: they arrive later, as digests" : "");
        });
        long updates = report.actions.values().stream()
                .flatMap(a -> a.values().stream())
                .mapToLong(Long::longValue)
                .sum();
        out.println();
        out.println("Changes to ECS services: " + updates);
        report.actions.forEach((service, kinds) -> {
            List<String> parts = new ArrayList<>();
            kinds.forEach((kind, times) -> parts.add(kind + " x " + times));
            out.println("  " + service + "   " + String.join(", ", parts));
        });
        if (!report.keys.isEmpty()) {
            out.println();
            out.println(
                    "Noisiest, by messages and by alerts" + (report.keysForgotten ? " (without rare ones)" : "") + ":");
            report.noisiestKeys()
                    .forEach(e -> out.printf(
                            "  %6d %8d   %s%n                    %s%n",
                            e.getValue().sent, e.getValue().alerts, e.getValue().title, e.getKey()));
        }
        if (!report.failures.isEmpty()) {
            out.println();
            out.println("Failed: "
                    + report.failures.values().stream().mapToLong(f -> f.times).sum());
            report.failures().stream()
                    .limit(2 * SimulationReport.NOISIEST)
                    .forEach(e -> out.printf(
                            "  %6d   %s: %s (first at %s)%n",
                            e.getValue().times,
                            e.getValue().forGood ? "to the dead-letter queue" : "back to the queue, to be retried",
                            e.getKey(),
                            e.getValue().first));
            if (report.failures.size() > 2 * SimulationReport.NOISIEST) {
                out.println("           and " + (report.failures.size() - 2 * SimulationReport.NOISIEST)
                        + " other reasons");
            }
        }
        if (dropped > 0) {
            out.println();
            out.println(dropped + " follow-ups were not delivered: too many were waiting");
        }
        if (evictedEarly > 0) {
            out.println();
            out.println(evictedEarly + " claims were evicted before their cool-down ended (in-memory limit "
                    + MemoryClaimStore.MAX_CLAIMS + "); DynamoDB keeps them all");
        }
    }

    private String describePerDay(long number) {
        double perDay = report.perDay(number);
        return perDay < 0 ? "" : String.format(Locale.ROOT, perDay < 10 ? ", %.1f per day" : ", %.0f per day", perDay);
    }

    /** Prints how many messages were read, and what could not be read. */
    static void printReading(PrintWriter out, EventRecording.Reading reading, Instant first, Instant last) {
        out.println("Recorded: " + reading.messages() + (reading.messages() == 1 ? " message in " : " messages in ")
                + reading.files()
                + (reading.files() == 1 ? " file" : " files")
                + (first == null
                        ? ""
                        : ", from " + first + " to " + last + " (" + describe(Duration.between(first, last)) + ")"));
        if (reading.broken() > 0) {
            out.println("  " + reading.broken() + " could not be read and were skipped:");
            reading.problems().forEach(p -> out.println("    " + p));
            if (reading.broken() > reading.problems().size()) {
                out.println("    and " + (reading.broken() - reading.problems().size()) + " more");
            }
        }
        note(out, reading.untimed(), "without a time: the previous message's time is used");
        note(out, reading.late(), "far out of order: processed at the time of their position");
        note(out, reading.outside(), "outside --from and --to, skipped");
        note(out, reading.restarts(), reading.restarts() == 1 ? "restart of Steward" : "restarts of Steward");
        note(out, reading.ours(), "from Steward itself (follow-ups), skipped: the simulation makes its own");
    }

    private static void note(PrintWriter out, long number, String what) {
        if (number > 0) {
            out.println("  " + number + " " + what);
        }
    }

    private static String describe(Duration span) {
        return span.compareTo(Duration.ofHours(48)) >= 0
                ? String.format(Locale.ROOT, "%.1f days", span.toSeconds() / 86_400.0)
                : span.compareTo(Duration.ofHours(1)) >= 0
                        ? String.format(Locale.ROOT, "%.1f hours", span.toSeconds() / 3_600.0)
                        : String.format(Locale.ROOT, "%.1f minutes", span.toSeconds() / 60.0);
    }
}
