package io.ecssteward.cli;

import io.ecssteward.replay.ReplaySession;
import io.ecssteward.simulation.DiffReport;
import io.ecssteward.simulation.DiffSide;
import io.ecssteward.simulation.EventRecording;
import io.ecssteward.simulation.Progress;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;

/** {@code diff}: runs two configurations on one recording and reports the differences. */
@CommandLine.Command(
        name = "diff",
        description =
                "Runs two configurations on a recording and reports the differences: alerts that are new, gone, sent "
                        + "to another "
                        + "channel or worded differently, and changes to ECS services that are new or gone. Nothing "
                        + "is sent.",
        exitCodeList = {
            "0:no differences",
            "1:differences",
            "2:the command line, a configuration or a recording is wrong"
        },
        footer = {
            "",
            "OLD and NEW are each one of these:",
            "  built-in  the routes in the jar",
            "  a folder  with routes (*.camel.yaml), added to the built-in ones, or",
            "            replacing those with the same file name; and settings, if it has a",
            "            steward.properties",
            "  a file    with settings, NAME=VALUE, by either name:",
            "            steward.slack.channel=#ops or STEWARD_SLACK_CHANNEL=#ops",
            "They override the settings in the environment. For what a recording is and how",
            "to get one, see simulate --help.",
            "",
            "Examples:",
            "  java -jar ecs-steward.jar diff built-in my-routes recording.jsonl",
            "  java -jar ecs-steward.jar diff --all old.properties new.properties recording"
        })
final class Diff extends BaseCommand implements Callable<Integer> {

    private static final int SHOWN = 20;

    @CommandLine.Parameters(index = "0", paramLabel = "OLD", description = "The old configuration.")
    private String before;

    @CommandLine.Parameters(index = "1", paramLabel = "NEW", description = "The new configuration.")
    private String after;

    @CommandLine.Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "FILE|FOLDER|-",
            description = "The recording; - is standard input.")
    private List<String> paths;

    @CommandLine.Option(names = "--all", description = "Show all differences, not only the first " + SHOWN + ".")
    private boolean all;

    @CommandLine.Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Simulate.Time.class,
            description = "Skip earlier events.")
    private Instant from;

    @CommandLine.Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Simulate.Time.class,
            description = "Skip events at or after this time.")
    private Instant to;

    @Override
    public Integer call() {
        ReplaySession.quiet();
        try {
            return diff();
        } catch (NoSuchFileException e) {
            return Main.cannotStart(List.of(Simulate.noFile(e)));
        } catch (Exception e) {
            // 1 would mean that there are differences.
            spec.commandLine().getErr().println(Main.describe(e));
            return Main.WRONG;
        }
    }

    private int diff() throws Exception {
        Map<String, String> environment = System.getenv();
        DiffSide old = DiffSide.of(before, environment, System.getProperties());
        DiffSide young = DiffSide.of(after, environment, System.getProperties());
        List<String> problems = new ArrayList<>(old.problems());
        young.problems().stream().filter(p -> !problems.contains(p)).forEach(problems::add);
        if (!problems.isEmpty()) {
            return Main.cannotStart(problems);
        }
        warn(Stream.of(old, young)
                .flatMap(side -> side.settings().warnings().stream())
                .distinct()
                .toList());
        try (EventRecording recording = EventRecording.open(paths, from, to);
                Progress progress = Progress.onTerminal()) {
            return DiffReport.print(
                            old.settings(), young.settings(), recording, progress, out(), all ? Long.MAX_VALUE : SHOWN)
                    ? Main.FAILED
                    : CommandLine.ExitCode.OK;
        }
    }
}
