package io.ecssteward.cli;

import io.ecssteward.check.SettingsCheck;
import io.ecssteward.incident.SilenceFile;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import io.ecssteward.simulation.EventRecording;
import io.ecssteward.simulation.Progress;
import io.ecssteward.simulation.SimulationRun;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
            new SimulationRun(out(), progress, json, alerts, messages).print(settings, recording);
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
}
