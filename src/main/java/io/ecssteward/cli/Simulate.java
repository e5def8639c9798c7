package io.ecssteward.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.check.SettingsCheck;
import io.ecssteward.incident.SilenceFile;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.replay.Channels;
import io.ecssteward.replay.IncidentChanges;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.replay.SentAlert;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import io.ecssteward.simulation.EventRecording;
import io.ecssteward.simulation.Playback;
import io.ecssteward.simulation.Progress;
import io.ecssteward.simulation.RecordedClock;
import io.ecssteward.simulation.Simulation;
import io.ecssteward.simulation.SimulationReport;
import io.ecssteward.simulation.SimulationText;
import io.ecssteward.stub.StubEcs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code simulate}: runs the configuration on a recording of many events, in the recording's time. */
@CommandLine.Command(
        name = "simulate",
        description =
                "Runs this configuration on a recording of many events and reports their outcomes, the incidents, the "
                        + "messages per channel, the changes to ECS services and the noisiest alerts. Nothing is sent. "
                        + "Cool-downs, follow-ups and incidents use the recording's time.",
        exitCodeList = {
            "0:success, whatever the outcomes",
            "1:the routes could not start",
            "2:the command line, a setting or a recording is wrong"
        },
        footer = {
            "",
            "A recording contains any mix of EventBridge events and SNS notifications (one",
            "per line or pretty-printed) and SQS messages as the AWS CLI prints them. Files",
            "may be gzipped.",
            "",
            "Where a line says this, Steward is restarted. What it had in memory is gone;",
            "incidents, claims and Slack stay as they are, as with a DynamoDB table:",
            "  {\"source\": \"ecs-steward\", \"detail-type\": \"ECS Steward Restart\",",
            "   \"time\": \"2026-11-17T08:30:00Z\"}",
            "",
            "Examples:",
            "  java -jar ecs-steward.jar simulate recording.jsonl",
            "  java -jar ecs-steward.jar simulate --json --from 2026-11-17 recording/",
            "  STEWARD_SLACK_CHANNELS='severity:critical=#oncall' \\",
            "    java -jar ecs-steward.jar simulate --alerts recording.jsonl",
            "",
            "How to get a recording:",
            "Of future events: let an EventBridge rule deliver to an Amazon Data Firehose",
            "stream, and that to S3. Then",
            "  aws s3 sync s3://BUCKET/PREFIX recording",
            "  java -jar ecs-steward.jar simulate recording",
            "Of past events, if the event bus has an archive: replay it to a rule whose",
            "target is a queue just for this, and read that queue until it is empty. Each",
            "message stays hidden for an hour, so it is received once:",
            "  BUS=arn:aws:events:REGION:ACCOUNT",
            "  aws events start-replay --replay-name for-simulate \\",
            "    --event-source-arn $BUS:archive/NAME \\",
            "    --event-start-time 2026-11-17T00:00:00Z \\",
            "    --event-end-time 2026-11-18T00:00:00Z \\",
            "    --destination Arn=$BUS:event-bus/default,FilterArns=$BUS:rule/NAME",
            "  while aws sqs receive-message --queue-url URL --output json \\",
            "      --max-number-of-messages 10 --visibility-timeout 3600 \\",
            "      --wait-time-seconds 20 --attribute-names SentTimestamp \\",
            "    | tee -a recording.jsonl | grep Body > /dev/null; do :; done"
        })
final class Simulate extends BaseCommand implements Callable<Integer> {

    @CommandLine.Parameters(
            arity = "1..*",
            paramLabel = "FILE|FOLDER|-",
            description = "The recording; - is standard input.")
    private List<String> paths;

    @CommandLine.Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @CommandLine.Option(
            names = "--alerts",
            description = "Also list each message with its time, channel and title, and the changes of incidents.")
    private boolean alerts;

    @CommandLine.Option(
            names = "--messages",
            description = "Also print the channels as they look at the end: each message and its thread.")
    private boolean messages;

    @CommandLine.Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Skip earlier events: 2026-11-17T08:00:00Z, or a day, which begins at midnight UTC.")
    private Instant from;

    @CommandLine.Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Skip events at or after this time.")
    private Instant to;

    /** A time on the command line. */
    static final class Time implements CommandLine.ITypeConverter<Instant> {
        @Override
        public Instant convert(String written) {
            try {
                return written.length() == "2026-11-17".length()
                        ? LocalDate.parse(written).atStartOfDay(ZoneOffset.UTC).toInstant()
                        : OffsetDateTime.parse(written).toInstant();
            } catch (DateTimeException e) {
                throw new CommandLine.TypeConversionException(
                        "'" + written + "' is not a time; write 2026-11-17T08:00:00Z or 2026-11-17");
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        ReplaySession.quiet();
        Settings settings = ReplaySession.settings(Settings.load(SecretStore.NONE), false);
        warn(settings.warnings());
        List<String> problems = new ArrayList<>(SettingsCheck.problems(settings, false));
        SilenceFile.read(settings.get(Settings.SILENCES), Instant.now())
                .problems()
                .forEach(problem -> problems.add(problem.toString()));
        if (!problems.isEmpty()) {
            return Main.cannotStart(problems);
        }
        try (EventRecording recording = EventRecording.open(paths, from, to);
                Progress progress = Progress.onTerminal()) {
            simulate(settings, recording, progress, out(), json, alerts, messages);
            return CommandLine.ExitCode.OK;
        } catch (NoSuchFileException e) {
            return Main.cannotStart(List.of(noFile(e)));
        }
    }

    /** The message for a missing recording. */
    static String noFile(NoSuchFileException e) {
        return "no such file, or no files in the folder " + e.getMessage()
                + "; name recordings, folders of them, or - for standard input";
    }

    /** Runs the configuration on the recording and prints the report. */
    static void simulate(
            Settings settings,
            EventRecording recording,
            Progress progress,
            PrintWriter out,
            boolean json,
            boolean alerts,
            boolean messages)
            throws Exception {
        SimulationReport report = new SimulationReport();
        Channels channels = new Channels();
        Listing listing = new Listing(out, progress, json, alerts);
        RecordedClock clock = new RecordedClock();
        if (!json) {
            out.print(StubEcs.describeObserved() + System.lineSeparator());
            out.println("Slack is assumed to accept every message; only malformed events fail.");
            out.println();
        }
        try (Simulation simulation = Simulation.start(settings, clock)) {
            new Playback(clock, List.of(simulation), (side, taken) -> {
                        report.add(taken);
                        taken.results().forEach(r -> r.sent().forEach(alert -> listing.add(alert, taken)));
                        taken.changes().forEach(change -> listing.add(change, taken));
                        if (messages) {
                            taken.slack()
                                    .filter(action -> !Channels.isForOne(action))
                                    .forEach(channels::add);
                        }
                    })
                    .play(recording, progress);
            progress.close();
            listing.end();
            if (json) {
                ObjectNode summary = report.json(recording.reading(), simulation.dropped(), simulation.evictedEarly());
                channels.messages().forEach(message -> put(message, summary.withArray("messages")));
                listing.end(summary);
            } else {
                channels.messages().forEach(message -> print(message, out));
                new SimulationText(report, out)
                        .print(recording.reading(), simulation.dropped(), simulation.evictedEarly());
            }
        }
        out.flush();
    }

    private static void print(Channels.Message message, PrintWriter out) {
        String edits =
                message.edits() == 0 ? "" : ", edited " + message.edits() + (message.edits() == 1 ? " time" : " times");
        out.println(message.channel() + ": " + message.state() + edits);
        message.lines().forEach(line -> out.println("  | " + line));
        out.println();
    }

    private static void put(Channels.Message message, ArrayNode all) {
        ObjectNode node = all.addObject()
                .put("channel", message.channel())
                .put("state", message.state())
                .put("edits", message.edits());
        message.lines().forEach(node.putArray("lines")::add);
    }

    /** Prints alerts as they are sent, so that none has to be kept; in JSON they are the object's first member. */
    private static final class Listing {
        private static final ObjectWriter PRETTY = new ObjectMapper().writerWithDefaultPrettyPrinter();

        private final PrintWriter out;
        private final Progress progress;
        private final boolean json;
        private final boolean wanted;
        private long listed;

        Listing(PrintWriter out, Progress progress, boolean json, boolean wanted) {
            this.out = out;
            this.progress = progress;
            this.json = json;
            this.wanted = wanted;
        }

        void add(SentAlert alert, Simulation.Taken taken) {
            if (!wanted) {
                return;
            }
            progress.close();
            if (json) {
                ObjectNode node = JsonNodeFactory.instance.objectNode();
                node.put("at", taken.at().toString()).put("channel", alert.channel());
                node.put("severity", alert.severity())
                        .put("state", alert.state())
                        .put("title", alert.title())
                        .put("key", alert.key());
                node.put("place", taken.origin().place().toString());
                out.print((listed == 0 ? "{\n  \"list\" : [" : ",") + "\n    " + node);
            } else {
                out.println(taken.at() + "  " + alert);
            }
            out.flush();
            listed++;
        }

        /** What its story says of it, in JSON only with the report. */
        void add(IncidentChanges.Change change, Simulation.Taken taken) {
            if (!wanted || json) {
                return;
            }
            for (StoryLine line : change.lines()) {
                progress.close();
                out.println(taken.at() + "    " + change.after().id() + "  "
                        + line.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + line.text());
                listed++;
            }
        }

        void end() {
            if (listed > 0 && !json) {
                out.println();
            }
        }

        void end(ObjectNode report) throws IOException {
            if (wanted && listed == 0) {
                report.putArray("list");
            }
            String written = PRETTY.writeValueAsString(report);
            out.print((listed == 0 ? written : "\n  ]," + written.substring(1)) + System.lineSeparator());
        }
    }
}
