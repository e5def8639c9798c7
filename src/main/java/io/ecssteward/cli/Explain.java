package io.ecssteward.cli;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Redactor;
import io.ecssteward.check.SettingsCheck;
import io.ecssteward.event.Event;
import io.ecssteward.outcome.Action;
import io.ecssteward.replay.DecisionRecorder;
import io.ecssteward.replay.Explanation;
import io.ecssteward.replay.MessageReplay;
import io.ecssteward.replay.OutcomeText;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.replay.StandingClock;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubEcs;
import io.ecssteward.time.Durations;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** {@code explain}: explains why an event has its outcome. */
@CommandLine.Command(
        name = "explain",
        description =
                "Explains an event: its type, which routes handle it and why the others do not, the claims, and the "
                        + "outcome. "
                        + "Nothing is sent.",
        exitCodeList = {
            "0:success, whatever the outcome",
            "1:the routes could not start",
            "2:the command line or a setting is wrong, or the file does not exist"
        },
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar explain samples/task-exited-with-error.json",
            "  java -jar ecs-steward.jar explain --json -"
        })
final class Explain extends BaseCommand implements Callable<Integer> {

    private static final int LONGEST = 100;

    @CommandLine.Parameters(
            paramLabel = "EVENT.json",
            description = "A message body, in any envelope; - is standard input.")
    private String file;

    @CommandLine.Option(names = "--json", description = "Print one JSON object per event, with all details.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        ReplaySession.quiet();
        Settings settings = ReplaySession.settings(Settings.load(SecretStore.NONE), false);
        warn(settings.warnings());
        List<String> problems = SettingsCheck.problems(settings, false);
        if (!file.equals("-") && (!Files.isReadable(Path.of(file)) || Files.isDirectory(Path.of(file)))) {
            problems.add("no file " + file + "; name a file with a message body, or - for standard input");
        }
        if (!problems.isEmpty()) {
            return Main.cannotStart(problems);
        }
        // A file in another encoding is processed as well, as SQS would deliver it.
        byte[] bytes = file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        PrintWriter out = out();
        DecisionRecorder recorder = new DecisionRecorder();
        StandingClock clock = new StandingClock();
        try (ReplaySession session = ReplaySession.start(settings, clock, recorder)) {
            if (!json) {
                out.println(StubEcs.describe());
            }
            String body = new String(bytes, StandardCharsets.UTF_8);
            new MessageReplay(session, clock).replay(body, (round, each) -> {
                if (json) {
                    print(Explanation.json(each, recorder.of(each)));
                } else {
                    print(each, recorder.of(each), round, out);
                }
            });
        }
        return CommandLine.ExitCode.OK;
    }

    private void print(ReplaySession.Outcome each, DecisionRecorder.Trace seen, int round, PrintWriter out) {
        Colors colors = colors();
        out.println();
        out.println(colors.strong(round == 0 ? "The event" : "Follow-up"));
        read(each.event(), out);
        if (!each.routes().isEmpty()) {
            row(out, "route", String.join(" > ", each.routes()));
        }
        for (DecisionRecorder.Decision decision : seen.decisions()) {
            out.println();
            out.println(colors.strong(decision.route() == null ? "Routes" : "Route " + decision.route())
                    + (decision.where() == null ? "" : "  (" + decision.where() + ")"));
            decision.branches().forEach(question -> print(question, colors, out));
        }
        if (!seen.claims().isEmpty()) {
            out.println();
            out.println(colors.strong("Claims"));
            seen.claims().forEach(claim -> {
                out.println("  " + Redactor.text(claim.key()));
                out.println("      " + describe(claim));
            });
        }
        out.println();
        out.println(colors.strong("Outcome"));
        OutcomeText.rows(each).forEach(row -> row.print(out));
        each.eventOutcome().performed().stream()
                .filter(action -> action.sink().equals("incident"))
                .map(Action::alert)
                .filter(alert -> alert.state() == Alert.State.FIRING)
                .forEach(alert -> new OutcomeText.Row("ends", ends(alert)).print(out));
    }

    private static String ends(Alert alert) {
        String after = alert.resolveAfter() == null
                ? ""
                : ", or after " + Durations.write(alert.resolveAfter()) + " without news";
        return "with a resolved alert of the key " + alert.key()
                + (alert.key().startsWith(alert.about() + "/") ? ", or of " + alert.about() + "/*" : "") + after;
    }

    private static void read(Event event, PrintWriter out) {
        if (event == null) {
            row(out, "is", "unreadable");
            return;
        }
        row(out, "is", event.type());
        row(out, "identity", event.identity());
        row(out, "cluster", event.cluster());
        row(out, "service", event.service());
        row(out, "time", event.time() == null ? null : event.time().toString());
        row(out, "region", event.region());
        row(out, "account", event.account());
    }

    private static void row(PrintWriter out, String label, String text) {
        if (text != null) {
            out.printf("  %-10s%s%n", label, Redactor.text(text));
        }
    }

    private static void print(DecisionRecorder.Branch question, Colors colors, PrintWriter out) {
        out.println("  " + (question.yes() ? colors.good("yes ") : colors.bad("no  ")) + title(question));
        if (question.yes()) {
            question.leadsTo().forEach(step -> out.println("      goes to " + step));
        } else {
            // One line per alternative.
            String line = System.lineSeparator() + "        (";
            String words = TerminalWriter.line(question.mismatch().describe())
                    .replace(": (1) ", ":" + line + "1) ")
                    .replaceAll("; \\((\\d+\\) )", line + "$1");
            out.print("      " + words + System.lineSeparator());
        }
    }

    private static String title(DecisionRecorder.Branch question) {
        String title = question.description();
        if (title == null && question.route() == null) {
            String line = question.pattern().replaceAll("\\s+", " ");
            title = line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
        }
        return Stream.of(question.route(), title).filter(Objects::nonNull).collect(Collectors.joining(": "));
    }

    private static String describe(DecisionRecorder.Claim claim) {
        String called = claim.reason() == null ? "done" : claim.reason();
        return switch (claim.answer()) {
            case RECORDED -> "already done, so this event is dropped as " + called;
            case HELD -> "claimed by another worker, so this event waits";
            default ->
                claim.coolDown().isZero()
                        ? "no other worker processes it at the same time"
                        : "a repeat within " + Durations.write(claim.coolDown()) + " is dropped as " + called;
        };
    }
}
