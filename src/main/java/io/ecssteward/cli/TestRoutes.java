package io.ecssteward.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.check.SettingsCheck;
import io.ecssteward.replay.DecisionRecorder;
import io.ecssteward.replay.EffectsFile;
import io.ecssteward.replay.ExpectedEffects;
import io.ecssteward.replay.LineDiff;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.replay.StandingClock;
import io.ecssteward.replay.TestCase;
import io.ecssteward.replay.TestSettings;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code test}: runs an operator's samples, and compares the effects with the expected ones. */
@CommandLine.Command(
        name = "test",
        description = "Runs the routes in a folder, beside the built-in ones, on the samples there, and compares the "
                + "outcomes with "
                + "the expected ones. Nothing is sent.",
        exitCodeList = {
            "0:all as expected",
            "1:an outcome differs, or an expected file is missing or has no sample",
            "2:the folder, a setting or a route is wrong"
        },
        footer = {
            "",
            "The folder:",
            "  *.camel.yaml       your routes",
            "  samples/NAME.json  a message body, in any envelope; or NAME.txt",
            "  samples/NAME/      several messages in order, a second apart;",
            "                     2-after-11m.json arrives eleven minutes after the first",
            "  expected/NAME.json the expected outcome, as --update writes it",
            "  test.properties    settings, such as STEWARD_SLACK_CHANNELS=...; those in the",
            "                     environment are not used",
            "",
            "ECS is a stub: every service has 2 tasks, and every cluster 3 instances.",
            "",
            "Examples:",
            "  java -jar ecs-steward.jar test /etc/steward",
            "  java -jar ecs-steward.jar test --update /etc/steward"
        })
final class TestRoutes extends BaseCommand implements Callable<Integer> {

    @CommandLine.Parameters(paramLabel = "FOLDER", description = "The folder with routes, samples/ and expected/.")
    private Path folder;

    @CommandLine.Option(names = "--update", description = "Accept the current outcomes: write them to expected/.")
    private boolean update;

    private Colors colors;
    private PrintWriter out;

    private enum Verdict {
        OK("ok"),
        DIFFERENT("different"),
        NEW("new"),
        ACCEPTED("accepted");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }
    }

    @Override
    public Integer call() throws Exception {
        ReplaySession.quiet();
        out = out();
        colors = colors();
        List<String> problems = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return wrong(List.of("there is no folder " + folder + "; name one with routes and samples in it"));
        }
        List<TestCase> cases = TestCase.in(folder, problems);
        Settings settings = ReplaySession.settings(TestSettings.in(folder, problems), false);
        warn(settings.warnings());
        problems.addAll(SettingsCheck.problems(settings, false));
        if (!problems.isEmpty()) {
            return wrong(problems);
        }
        DecisionRecorder recorder = new DecisionRecorder();
        StandingClock clock = new StandingClock();
        ReplaySession started;
        try {
            started = ReplaySession.start(settings, clock, recorder);
        } catch (Exception e) {
            spec.commandLine().getErr().println(Main.describe(e));
            return Main.WRONG;
        }
        try (ReplaySession session = started) {
            ExpectedEffects effects = new ExpectedEffects(session, recorder, clock);
            List<Verdict> verdicts = new ArrayList<>();
            for (TestCase each : cases) {
                verdicts.add(test(each, effects.of(each)));
            }
            List<Path> orphans = TestCase.orphans(folder, cases);
            orphans.forEach(file -> line(
                    colors.bad("orphan"),
                    "orphan",
                    relative(file) + "  has no sample; remove it, or add the sample to " + TestCase.SAMPLES + "/"));
            out.println();
            out.println(summary(verdicts, orphans.size()));
            out.flush();
            boolean well =
                    orphans.isEmpty() && verdicts.stream().allMatch(v -> v == Verdict.OK || v == Verdict.ACCEPTED);
            return well ? CommandLine.ExitCode.OK : Main.FAILED;
        }
    }

    private int wrong(List<String> problems) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("The tests cannot run:");
        problems.forEach(p -> err.println("  - " + p));
        return Main.WRONG;
    }

    private Verdict test(TestCase test, JsonNode effects) throws IOException {
        String written = EffectsFile.write(effects);
        String shown = "";
        boolean there = Files.isRegularFile(test.expected());
        if (there) {
            try {
                JsonNode expected = EffectsFile.read(test.expected());
                if (expected.equals(effects)) {
                    line(colors.good(Verdict.OK.word), Verdict.OK.word, test.name());
                    return Verdict.OK;
                }
                shown = EffectsFile.write(expected);
            } catch (JsonProcessingException e) {
                out.println(relative(test.expected()) + " is not JSON: " + e.getOriginalMessage() + " (line "
                        + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")");
            }
        }
        Verdict verdict = update ? Verdict.ACCEPTED : there ? Verdict.DIFFERENT : Verdict.NEW;
        line(update ? colors.good(verdict.word) : colors.bad(verdict.word), verdict.word, test.name());
        if (there) {
            out.println("    " + colors.bad("--- expected by " + relative(test.expected())));
            out.println("    " + colors.good("+++ actual outcome"));
        } else {
            out.println("    " + (update ? "" : "there is no ") + relative(test.expected())
                    + (update ? " is new:" : "; if this is right, accept it with --update:"));
        }
        LineDiff.lines(shown, written).forEach(line -> out.println("    " + colored(line)));
        if (update) {
            Files.createDirectories(test.expected().getParent());
            Files.writeString(test.expected(), written);
        }
        return verdict;
    }

    private String colored(String line) {
        return switch (line.charAt(0)) {
            case '-' -> colors.bad(line);
            case '+' -> colors.good(line);
            case '@' -> colors.faint(line);
            default -> line;
        };
    }

    private void line(String shown, String word, String text) {
        out.println(shown + " ".repeat(Math.max(1, 11 - word.length())) + text);
    }

    /** The path relative to the folder, so that the output does not depend on where the folder is. */
    private String relative(Path file) {
        return folder.relativize(file).toString();
    }

    private static String summary(List<Verdict> verdicts, int orphans) {
        List<String> parts = new ArrayList<>();
        count(verdicts, Verdict.OK, "as expected", parts);
        count(verdicts, Verdict.DIFFERENT, "different", parts);
        count(verdicts, Verdict.NEW, "new", parts);
        count(verdicts, Verdict.ACCEPTED, "accepted", parts);
        return verdicts.size()
                + (verdicts.size() == 1 ? " sample: " : " samples: ")
                + String.join(", ", parts)
                + (orphans == 0 ? "" : "; " + orphans + " expected without a sample");
    }

    private static void count(List<Verdict> verdicts, Verdict verdict, String word, List<String> parts) {
        long count = verdicts.stream().filter(v -> v == verdict).count();
        if (count > 0) {
            parts.add(count + " " + word);
        }
    }
}
