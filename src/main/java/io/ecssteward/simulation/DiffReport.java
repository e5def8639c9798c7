package io.ecssteward.simulation;

import io.ecssteward.alert.Redactor;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.replay.OutcomeText;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.replay.SentAlert;
import io.ecssteward.settings.Settings;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * Compares what two configurations do with the same messages. A message is compared when both sides have handled it and
 * all its follow-ups.
 */
public final class DiffReport {

    private static final int OLD = 0;
    private static final int NEW = 1;

    /** The rules by which two alerts count as the same, the strictest first. */
    private static final List<BiPredicate<SentAlert, SentAlert>> SAME = List.of(
            (a, b) -> a.key().equals(b.key())
                    && a.state().equals(b.state())
                    && a.channel().equals(b.channel()),
            (a, b) -> a.key().equals(b.key()) && a.state().equals(b.state()),
            (a, b) -> a.title().equals(b.title()),
            (a, b) -> a.channel().equals(b.channel()));

    private final PrintWriter out;
    private final Progress progress;
    private final long max;
    private final Map<Long, MessagePair> open = new HashMap<>();
    private final Map<String, long[]> channels = new TreeMap<>();
    private final long[] incidents = new long[2];
    private final Map<String, Long> sums = new TreeMap<>();
    private long differing;
    private long shown;
    private Instant first;
    private Instant last;

    /** An alert and when it was sent. */
    private record TimedAlert(SentAlert alert, Instant at) {}

    /** A recorded message on both sides. */
    private static final class MessagePair {
        private final EventRecording.Line origin;
        private final int[] open = {1, 1};
        private final List<List<TimedAlert>> alerts = List.of(new ArrayList<>(), new ArrayList<>());
        private final List<List<String>> actions = List.of(new ArrayList<>(), new ArrayList<>());
        private final List<List<String>> failures = List.of(new ArrayList<>(), new ArrayList<>());
        private final List<Set<String>> reasons = List.of(new TreeSet<>(), new TreeSet<>());
        private String name = "unreadable";

        MessagePair(EventRecording.Line origin) {
            this.origin = origin;
        }
    }

    /** An empty report; the progress line is cleared before anything is printed. */
    private DiffReport(PrintWriter out, Progress progress, long max) {
        this.out = out;
        this.progress = progress;
        this.max = max;
    }

    /**
     * Runs both configurations on a recording and prints the differences.
     *
     * @param max how many messages to show; the totals include all messages
     * @return whether there are differences
     */
    public static boolean print(
            Settings before, Settings after, EventRecording recording, Progress progress, PrintWriter out, long max)
            throws Exception {
        RecordedClock clock = new RecordedClock();
        DiffReport differences = new DiffReport(out, progress, max);
        try (Simulation old = Simulation.start(before, clock);
                Simulation young = Simulation.start(after, clock)) {
            new Playback(clock, List.of(old, young), differences::add).play(recording, progress);
            progress.close();
            EventRecording.Reading reading = recording.reading();
            differences.print(reading.messages());
            out.println();
            SimulationText.printReading(out, reading, differences.first, differences.last);
            return differences.differing > 0;
        }
    }

    /** Adds the result of a message on one side. */
    private void add(int side, Simulation.Taken taken) {
        taken.changes().stream().filter(change -> change.before() == null).forEach(change -> incidents[side]++);
        if (taken.round() == Simulation.TIME) {
            return;
        }
        if (taken.round() == 0) {
            first = first == null ? taken.at() : first;
            last = taken.at();
        }
        MessagePair pair = open.computeIfAbsent(taken.origin().number(), n -> new MessagePair(taken.origin()));
        pair.open[side] += taken.followUps() - 1;
        for (Simulation.Result result : taken.results()) {
            ReplaySession.Outcome outcome = result.outcome();
            if (taken.round() == 0 && outcome.event() != null) {
                pair.name = OutcomeText.name(outcome.event());
            }
            for (SentAlert alert : result.sent()) {
                pair.alerts.get(side).add(new TimedAlert(alert, taken.at()));
                channels.computeIfAbsent(alert.channel(), c -> new long[2])[side]++;
            }
            for (Action effect : outcome.eventOutcome().performed()) {
                if (effect.sink().equals("ecs")) {
                    pair.actions.get(side).add(effect.operation() + " " + effect.request());
                }
            }
            if (outcome.failure() != null) {
                pair.failures
                        .get(side)
                        .add(Redactor.text(String.valueOf(outcome.failure().getMessage())));
            }
            outcome.eventOutcome().reasons().stream().map(SkipReason::word).forEach(pair.reasons.get(side)::add);
        }
        if (pair.open[OLD] == 0 && pair.open[NEW] == 0) {
            open.remove(taken.origin().number());
            compare(pair);
        }
    }

    private void compare(MessagePair pair) {
        List<String> lines = new ArrayList<>();
        alerts(pair, lines);
        things(pair.actions, "changes to ECS", "ECS", lines);
        things(pair.failures, "failures", "failure", lines);
        if (lines.isEmpty()) {
            return;
        }
        differing++;
        if (shown < max) {
            shown++;
            progress.close();
            out.println(pair.origin.time() + "  " + pair.name + "  (" + pair.origin.place() + ")");
            lines.forEach(line -> out.println("  " + line));
            out.flush();
        }
    }

    private void alerts(MessagePair pair, List<String> lines) {
        List<TimedAlert> gone = new ArrayList<>(pair.alerts.get(OLD));
        List<TimedAlert> come = new ArrayList<>(pair.alerts.get(NEW));
        for (BiPredicate<SentAlert, SentAlert> same : SAME) {
            for (TimedAlert before : List.copyOf(gone)) {
                TimedAlert after = come.stream()
                        .filter(a -> before.alert().channel().equals(SentAlert.TOPIC)
                                == a.alert().channel().equals(SentAlert.TOPIC))
                        .filter(a -> same.test(before.alert(), a.alert()))
                        .findFirst()
                        .orElse(null);
                if (after != null) {
                    gone.remove(before);
                    come.remove(after);
                    changes(before, after, lines);
                }
            }
        }
        for (TimedAlert each : gone) {
            sum("alerts gone");
            lines.add("gone     " + each.alert() + because(pair.reasons.get(NEW), pair.reasons.get(OLD)));
        }
        for (TimedAlert each : come) {
            sum("alerts new");
            lines.add("new      " + each.alert() + because(pair.reasons.get(OLD), pair.reasons.get(NEW)));
        }
    }

    /** The skip reasons that only the side with fewer actions has. */
    private static String because(Set<String> less, Set<String> more) {
        List<String> only = less.stream().filter(r -> !more.contains(r)).toList();
        return only.isEmpty() ? "" : "  [" + String.join(", ", only) + "]";
    }

    private void changes(TimedAlert before, TimedAlert after, List<String> lines) {
        SentAlert a = before.alert();
        SentAlert b = after.alert();
        List<String> changes = new ArrayList<>();
        if (!a.channel().equals(b.channel())) {
            sum("alerts moved to another channel");
            lines.add("moved    " + a.channel() + " -> " + b.channel() + "  " + b.title());
        }
        change("severity", a.severity(), b.severity(), changes);
        change("state", a.state(), b.state(), changes);
        change("title", a.title(), b.title(), changes);
        change("key", a.key(), b.key(), changes);
        change("text", a.text(), b.text(), changes);
        if (!a.rest().equals(b.rest())) {
            sum("alerts with other fields or links");
            changes.add("fields or links");
        }
        if (!before.at().equals(after.at())) {
            Duration later = Duration.between(before.at(), after.at());
            sum(later.isNegative() ? "alerts earlier" : "alerts later");
            changes.add(later.abs().toSeconds() + " s " + (later.isNegative() ? "earlier" : "later"));
        }
        if (!changes.isEmpty()) {
            lines.add("changed  " + b.channel() + "  " + b.title() + ": " + String.join("; ", changes));
        }
    }

    private void change(String what, String before, String after, List<String> changes) {
        if (!before.equals(after)) {
            sum("alerts with another " + what);
            changes.add(what + " " + shortened(before) + " -> " + shortened(after));
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        String shown = line.length() > 60 ? line.substring(0, 57) + "..." : line;
        return shown.matches("[\\w/#-]+") ? shown : '"' + shown + '"';
    }

    private void things(List<List<String>> sides, String sum, String word, List<String> lines) {
        List<String> gone = new ArrayList<>(sides.get(OLD));
        List<String> come = new ArrayList<>(sides.get(NEW));
        sides.get(NEW).forEach(gone::remove);
        sides.get(OLD).forEach(come::remove);
        gone.forEach(each -> {
            sum(sum + " gone");
            lines.add("gone     " + word + ": " + each);
        });
        come.forEach(each -> {
            sum(sum + " new");
            lines.add("new      " + word + ": " + each);
        });
    }

    private void row(String row, String name, long... n) {
        String difference = n[OLD] == n[NEW] ? "" : String.format("%+d", n[NEW] - n[OLD]);
        out.println(String.format(row, name, n[OLD], n[NEW], difference).stripTrailing());
    }

    private void sum(String what) {
        sums.merge(what, 1L, Long::sum);
    }

    /** Prints the totals. */
    private void print(long messages) {
        if (differing > shown) {
            out.println("and " + (differing - shown) + " more; --all shows them");
        }
        if (differing > 0) {
            out.println();
        }
        out.println(
                differing == 0
                        ? "No difference in " + messages + (messages == 1 ? " message" : " messages")
                        : differing + " of " + messages
                                + (messages == 1
                                        ? " message differs"
                                        : differing == 1 ? " messages differs" : " messages differ"));
        sums.forEach((what, times) -> out.printf("  %6d   %s%n", times, what));
        if (differing > 0 && !channels.isEmpty()) {
            out.println();
            int width = Math.max(
                    9, channels.keySet().stream().mapToInt(String::length).max().orElse(0));
            String row = "%-" + width + "s %8s %8s %8s";
            out.println(String.format(row, "Channel", "old", "new", "").stripTrailing());
            channels.forEach((name, n) -> row(row, name, n));
            out.println();
            row(row, "Incidents", incidents);
        }
    }
}
