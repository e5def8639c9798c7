package io.ecssteward.cli;

import io.ecssteward.replay.ReplaySession;
import io.ecssteward.settings.Settings;
import io.ecssteward.simulation.DiffReport;
import io.ecssteward.simulation.DiffSide;
import io.ecssteward.simulation.EventRecording;
import io.ecssteward.simulation.Playback;
import io.ecssteward.simulation.Progress;
import io.ecssteward.simulation.RecordedClock;
import io.ecssteward.simulation.Simulation;
import io.ecssteward.simulation.SimulationText;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;

/** {@code diff}: takes two configurations through one recording and says what they do differently. */
@CommandLine.Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Says what two configurations do differently about a recording: alerts that are new, gone, moved to another "
                        + "channel or worded differently, and changes of ECS services that are new or gone. Nothing is sent.",
        exitCodeList = {
            "0:no difference",
            "1:differences",
            "2:the command line, a configuration or a recording is wrong"
        },
        footer = {
            "",
            "OLD and NEW are each one of",
            "  shipped   the routes in the jar",
            "  a folder  of routes (*.camel.yaml) that go beside the shipped ones, or in the",
            "            place of those of the same name; and of settings, if there is a",
            "            steward.properties in it",
            "  a file    of settings, NAME=VALUE, by either name:",
            "            steward.slack.channel=#ops or STEWARD_SLACK_CHANNEL=#ops",
            "with the settings of the environment beneath. What a recording is, and how to",
            "get one: simulate --help.",
            "",
            "Examples:",
            "  java -jar ecs-steward.jar diff shipped my-routes recording.jsonl",
            "  java -jar ecs-steward.jar diff --all old.properties new.properties recording"
        })
final class Diff implements Callable<Integer> {

    private static final int SHOWN = 20;

    @CommandLine.Parameters(index = "0", paramLabel = "OLD", description = "A configuration.")
    private String before;

    @CommandLine.Parameters(index = "1", paramLabel = "NEW", description = "Another one.")
    private String after;

    @CommandLine.Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "FILE|FOLDER|-",
            description = "The recording; - is standard input.")
    private List<String> paths;

    @CommandLine.Option(
            names = "--all",
            description = "Show each message that differs, not only the first " + SHOWN + ".")
    private boolean all;

    @CommandLine.Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Simulate.Time.class,
            description = "Leave out what came earlier.")
    private Instant from;

    @CommandLine.Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Simulate.Time.class,
            description = "Leave out what came then or later.")
    private Instant to;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        ReplaySession.quiet();
        try {
            return diff();
        } catch (NoSuchFileException e) {
            return Main.cannotStart(List.of(Simulate.noFile(e)));
        } catch (Exception e) {
            // 1 says that there are differences.
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
        Main.warn(Stream.of(old, young)
                .flatMap(side -> side.settings().warnings().stream())
                .distinct()
                .toList());
        PrintWriter out = spec.commandLine().getOut();
        try (EventRecording recording = EventRecording.open(paths, from, to);
                Progress progress = Progress.onTerminal()) {
            return diff(old.settings(), young.settings(), recording, progress, out, all ? Long.MAX_VALUE : SHOWN)
                    ? Main.FAILED
                    : CommandLine.ExitCode.OK;
        }
    }

    /** Whether there are differences, which it prints. */
    static boolean diff(
            Settings before, Settings after, EventRecording recording, Progress progress, PrintWriter out, long most)
            throws Exception {
        RecordedClock clock = new RecordedClock();
        DiffReport differences = new DiffReport(out, progress, most);
        try (Simulation old = Simulation.start(before, clock);
                Simulation young = Simulation.start(after, clock)) {
            new Playback(clock, List.of(old, young), differences::add).play(recording, progress);
            progress.close();
            EventRecording.Reading reading = recording.reading();
            differences.print(reading.messages());
            out.println();
            SimulationText.printReading(out, reading, differences.first(), differences.last());
            out.flush();
            return differences.any();
        }
    }
}
