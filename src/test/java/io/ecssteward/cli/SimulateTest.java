package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.check.SettingsCheck;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.settings.Settings;
import io.ecssteward.simulation.EventRecording;
import io.ecssteward.simulation.GeneratedRecording;
import io.ecssteward.simulation.Progress;
import io.ecssteward.simulation.SimulationRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * A morning's recording leads to the reports beside it, to the letter. Run with {@code -Drecordings.update=true} to
 * write them anew, and read the difference before you commit it.
 */
class SimulateTest {

    private static final Path RECORDINGS = Path.of("src/test/resources/recordings");
    private static final Path MORNING = RECORDINGS.resolve("morning.jsonl");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void theReportForPeople() throws Exception {
        asExpected("morning.txt", simulate(MORNING, false, true, null, null));
    }

    @Test
    void theReportForPrograms() throws Exception {
        String report = simulate(MORNING, true, true, null, null);
        asExpected("morning.json", report);
        JsonNode json = JSON.readTree(report);
        assertThat(json.path("list")).hasSize(json.path("alerts").path("sent").asInt());
    }

    /** Two contributors by SNS and EventBridge, sums of them with and without them, and an alarm that was muted. */
    @Test
    void contributorsAndMuteRules() throws Exception {
        asExpected("alarms.txt", simulate(RECORDINGS.resolve("alarms.jsonl"), false, true, null, null));
    }

    /** An interruption, a placement failure, the move to on-demand, the way back, and that it is well again. */
    @Test
    void aDrySpellOfFargateSpot() throws Exception {
        asExpected(
                "dry-spell.txt",
                simulate(
                        RECORDINGS.resolve("dry-spell.jsonl"),
                        false,
                        true,
                        null,
                        null,
                        Map.of("steward.spot.policies", "prod/web=failover")));
    }

    /** The containers exit with other codes each time, and once for another cause: one alert for each cause. */
    @Test
    void aCrashLoop() throws Exception {
        String report = simulate(RECORDINGS.resolve("crash-loop.jsonl"), false, true, null, null);
        asExpected("crash-loop.txt", report);
    }

    /**
     * Two failed deployments and their rollbacks within fifteen minutes, a rollback that fails twice, a service that is
     * impaired again after hours, a daemon on two instances, the steps of a canary deployment, and a host that flaps.
     */
    @Test
    void deploymentsDaemonsHooksAndHealth() throws Exception {
        asExpected("service-events.txt", simulate(RECORDINGS.resolve("service-events.jsonl"), false, true, null, null));
    }

    /**
     * Each finding is told once, and again when it changes: on the 15th a check passed, on the 16th it failed again.
     */
    @Test
    void findingsThatAreReportedAgain() throws Exception {
        String report = simulate(RECORDINGS.resolve("findings-each-day.jsonl"), false, true, null, null);
        asExpected("findings-each-day.txt", report);
    }

    /** A task each three minutes for an hour: four deployments, further and further apart, and not twenty. */
    @Test
    void aSpotStorm() throws Exception {
        asExpected("spot-storm.txt", simulate(RECORDINGS.resolve("spot-storm.jsonl"), false, true, null, null));
    }

    /** The service is lowered at once, and its placement failures meanwhile are nobody's trouble. */
    @Test
    void anInstanceDrains() throws Exception {
        String report = simulate(RECORDINGS.resolve("instance-drains.jsonl"), false, true, null, null);
        asExpected("instance-drains.txt", report);
        assertThat(report).contains("logging-agent   desiredCount=2 x 1").contains("Messages: 0");
    }

    /**
     * What people find in the channel: 24 tasks failed, three times ECS said that none starts, an alarm went twice, and
     * the circuit breaker rolled back. One message, green at the end.
     */
    @Test
    void aBrokenDeploymentIsOneMessage() throws Exception {
        String report = simulate(RECORDINGS.resolve("broken-deployment.jsonl"), false, true, null, null);
        asExpected("broken-deployment.txt", report);
        assertThat(report).contains("Incidents: 1, resolved: 1, still open: 0").contains("Messages: 1, with ");
    }

    /** A webhook can edit nothing: the least that says all, and the last says that it is over. */
    @Test
    void aBrokenDeploymentByWebhookIsAFewMessages() throws Exception {
        String report = simulate(
                RECORDINGS.resolve("broken-deployment.jsonl"),
                false,
                true,
                null,
                null,
                Map.of(Settings.WEBHOOK.name(), "https://hooks.slack.com/services/T0/B0/x"));
        asExpected("broken-deployment-webhook.txt", report);
        assertThat(report.lines().filter(line -> line.startsWith("default: ")))
                .hasSizeLessThanOrEqualTo(5)
                .last()
                .isEqualTo("default: resolved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spot-fifty-services", "agent-flaps", "alarm-flaps", "two-services", "no-more-news"})
    void incidents(String recording) throws Exception {
        String report = simulate(RECORDINGS.resolve(recording + ".jsonl"), false, true, null, null);
        asExpected(recording + ".txt", report);
        assertThat(report).contains("still open: 0");
    }

    /** It ends with an edit put off, a second after it counted: the next one makes that edit, and goes on. */
    @Test
    void anIncidentAcrossARestartIsOneMessage() throws Exception {
        String report = simulate(RECORDINGS.resolve("restart.jsonl"), false, true, null, null);
        asExpected("restart.txt", report);
        assertThat(report).contains("Incidents: 1, resolved: 1, still open: 0").contains("Messages: 1, with ");
    }

    /** With a restart after each line, the channels and the report are as without. */
    @ParameterizedTest
    @ValueSource(strings = {"two-services", "agent-flaps"})
    void restartsAreNotSeenInSlack(String recording) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (String line : Files.readAllLines(RECORDINGS.resolve(recording + ".jsonl"))) {
            lines.append(line)
                    .append('\n')
                    .append(restart(JSON.readTree(line).path("time").asText()))
                    .append('\n');
        }
        Path file = Files.writeString(folder.resolve("restarts.jsonl"), lines);
        assertThat(simulate(file, false, true, null, null).replaceAll("\n  \\d+ restarts of Steward", ""))
                .isEqualTo(Files.readString(RECORDINGS.resolve(recording + ".txt")));
    }

    /** Of the same task an older version, which only somebody who remembers the newer one finds stale. */
    @Test
    void whatIsInMemoryGoesWithARestart() throws Exception {
        String newer = Files.readAllLines(RECORDINGS.resolve("restart.jsonl")).get(0);
        String older = newer.replace("\"version\":6", "\"version\":5").replace("e-0400", "e-0401");
        assertThat(json(simulate(write(newer, older), true, false, null, null))
                        .at("/events/task-state-change/stale")
                        .asInt())
                .isEqualTo(1);
        JsonNode report = json(simulate(write(newer, restart("2026-11-20T17:00:00Z"), older), true, false, null, null));
        assertThat(report.at("/events/task-state-change/stale").isMissingNode()).isTrue();
        assertThat(report.at("/recorded/restarts").asInt()).isEqualTo(1);
        assertThat(report.at("/recorded/messages").asInt()).isEqualTo(2);
    }

    private static String restart(String time) {
        return "{\"source\":\"ecs-steward\",\"detail-type\":\"ECS Steward Restart\",\"time\":\"" + time + "\"}";
    }

    private static void asExpected(String name, String report) throws IOException {
        Path expected = RECORDINGS.resolve(name);
        String said = report.replace(RECORDINGS.toString(), "recordings");
        if (Boolean.getBoolean("recordings.update")) {
            Files.writeString(expected, said);
        }
        assertThat(said).isEqualTo(Files.readString(expected));
    }

    @Test
    void oneMessageForWhatComesAgainAndAgain() throws Exception {
        Path file = write(impaired("06:00:00"), impaired("06:14:00"), impaired("06:16:00"), impaired("06:20:00"));
        JsonNode report = json(simulate(file, true, false, null, null));
        assertThat(report.at("/alerts/noisiest/0/sent").asInt()).isEqualTo(1);
        assertThat(report.at("/alerts/noisiest/0/alerts").asInt()).isEqualTo(4);
        assertThat(report.at("/incidents/messages").asInt()).isEqualTo(1);
        // The second and the fourth come within fifteen minutes of the one before.
        assertThat(report.at("/incidents/messagesOnePerAlert").asInt()).isEqualTo(2);
    }

    @Test
    void aReminderAfterTheLastLineIsStillDelivered() throws Exception {
        String report = simulate(write(sample("container-instance-agent-disconnected")), false, true, null, null);
        assertThat(report)
                .contains("2026-11-18T03:13:40Z  default  error firing  ECS agent on i-0a4cc86bdab5932fb is "
                        + "disconnected");
    }

    @Test
    void anAgentThatIsBackInTimeIsNoAlert() throws Exception {
        // 42 seconds later, where the steward waits for 60.
        Path file =
                write(sample("container-instance-agent-disconnected"), sample("container-instance-agent-connected"));
        JsonNode report = json(simulate(file, true, false, null, null));
        assertThat(report.at("/alerts/sent").asInt()).isZero();
        assertThat(report.at("/events/follow-up/no-incident").asInt()).isEqualTo(1);
    }

    @Test
    void theOrderInTheFileDoesNotMatter() throws Exception {
        String one = simulate(
                write(impaired("06:00:00"), impaired("06:16:00"), impaired("06:14:00")), false, true, null, null);
        String other = simulate(
                write(impaired("06:14:00"), impaired("06:00:00"), impaired("06:16:00")), false, true, null, null);
        assertThat(one).isEqualTo(other).contains("×3");
    }

    @Test
    void filesThatOverlapAreOneStream() throws Exception {
        Files.writeString(folder.resolve("a.jsonl"), impaired("06:00:00") + "\n" + impaired("06:16:00") + "\n");
        Files.writeString(folder.resolve("b.jsonl"), impaired("05:58:00") + "\n" + impaired("06:14:00") + "\n");
        try (EventRecording recording = EventRecording.open(List.of(folder.toString()), null, null)) {
            assertThat(List.of(
                            recording.next().time(),
                            recording.next().time(),
                            recording.next().time(),
                            recording.next().time()))
                    .isSorted();
            assertThat(recording.next()).isNull();
            assertThat(recording.reading().late()).isZero();
        }
    }

    @Test
    void whatIsFartherApartThanTheWindowIsLate() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10_100; i++) {
            lines.append("{\"source\":\"aws.ecs\",\"id\":\"")
                    .append(i)
                    .append("\",\"time\":\"2026-11-18T07:00:00Z\"}\n");
        }
        lines.append("{\"source\":\"aws.ecs\",\"id\":\"late\",\"time\":\"2026-11-18T06:00:00Z\"}\n");
        Path file = Files.writeString(folder.resolve("late.jsonl"), lines);
        try (EventRecording recording = EventRecording.open(List.of(file.toString()), null, null)) {
            while (recording.next() != null) {
                // Only how it went is of interest.
            }
            assertThat(recording.reading().messages()).isEqualTo(10_101);
            assertThat(recording.reading().late()).isEqualTo(1);
        }
    }

    @Test
    void gzipIsRecognizedByItsContent() throws Exception {
        Path file = folder.resolve("recording");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            Files.copy(MORNING, out);
        }
        assertThat(simulate(file, true, false, null, null).replace(file.toString(), "x"))
                .isEqualTo(simulate(MORNING, true, false, null, null).replace(MORNING.toString(), "x"));
    }

    @Test
    void gzipThatBreaksOffIsSaid() throws Exception {
        Path file = folder.resolve("recording.gz");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            Files.copy(MORNING, out);
        }
        byte[] some = java.util.Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
        Files.write(file, some);
        assertThat(simulate(file, false, false, null, null)).contains("recording.gz: cannot be unzipped completely");
    }

    @Test
    void onlyWhatIsAskedFor() throws Exception {
        JsonNode report = json(simulate(
                MORNING, true, false, Instant.parse("2026-11-18T08:00:00Z"), Instant.parse("2026-11-18T09:00:00Z")));
        assertThat(report.at("/recorded/from").asText()).isEqualTo("2026-11-18T08:00:00Z");
        assertThat(report.at("/recorded/to").asText()).isEqualTo("2026-11-18T08:30:00Z");
        assertThat(report.at("/alerts/sent").asInt()).isEqualTo(1);
    }

    @Test
    void whatTheAwsCliPrintsOverManyLinesIsRead() throws Exception {
        String answer = JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(
                        JSON.readTree("{\"Messages\": [{\"MessageId\": \"1\", \"Body\": \"one\", \"Attributes\": "
                                + "{\"SentTimestamp\": \"1795003200123\"}}]}"));
        Path file = Files.writeString(
                folder.resolve("dump.json"), answer + "\n" + answer + "\n{\n  \"breaks\": \"off\",\n" + answer);
        try (EventRecording recording = EventRecording.open(List.of(file.toString()), null, null)) {
            EventRecording.Line line = recording.next();
            assertThat(line.body()).isEqualTo("one");
            assertThat(line.time()).isEqualTo(Instant.ofEpochMilli(1795003200123L));
            assertThat(recording.next().place().line()).isEqualTo(answer.lines().count() + 1);
            assertThat(recording.next()).isNotNull();
            assertThat(recording.next()).isNull();
            assertThat(recording.reading().broken()).isEqualTo(1);
        }
    }

    @Test
    void aMissingFileIsSaid() {
        assertThatThrownBy(() ->
                        EventRecording.open(List.of(folder.resolve("none.jsonl").toString()), null, null))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> EventRecording.open(List.of(folder.toString()), null, null))
                .isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-31", "2026-11-18T08:00"})
    void whatIsNoTimeIsSaid(String written) {
        assertThatThrownBy(() -> new Simulate.Time().convert(written))
                .isInstanceOf(CommandLine.TypeConversionException.class)
                .hasMessageContaining("is not a time");
    }

    @Test
    void aDayBeginsAtMidnightUtc() {
        assertThat(new Simulate.Time().convert("2026-11-18")).isEqualTo(Instant.parse("2026-11-18T00:00:00Z"));
        assertThat(new Simulate.Time().convert("2026-11-18T01:00:00+01:00"))
                .isEqualTo(Instant.parse("2026-11-18T00:00:00Z"));
    }

    @Test
    void aLongRecordingIsTakenAndCountedOnce() throws Exception {
        Path file = folder.resolve("long.jsonl");
        GeneratedRecording.write(file, 3_000, Duration.ofDays(1), 7);
        JsonNode report = json(simulate(file, true, false, null, null));
        assertThat(report.at("/recorded/messages").asInt()).isEqualTo(3_000);
        assertThat(report.at("/recorded/late").asInt()).isZero();
        assertThat(report.at("/events/alarm-state-change/performed").asInt()).isEqualTo(30);
        assertThat(report.at("/events/task-state-change/events").asInt()).isEqualTo(58 * 30 + 30);
    }

    @Test
    void whatOnlyOnePersonSeesIsNoMessageOfAChannel() throws Exception {
        JsonNode report = json(simulate(write(sample("slack-command-status")), true, true, null, null));
        assertThat(report.at("/alerts/channels")).isEmpty();
        assertThat(report.toString()).doesNotContain("\"alex\"");
    }

    private String simulate(Path file, boolean json, boolean alerts, Instant from, Instant to) throws Exception {
        return simulate(file, json, alerts, from, to, Map.of());
    }

    private String simulate(Path file, boolean json, boolean alerts, Instant from, Instant to, Map<String, String> more)
            throws Exception {
        StringWriter said = new StringWriter();
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        Map<String, String> all = settings();
        all.putAll(more);
        Settings settings = ReplaySession.settings(Settings.of(Map.of(), all), false);
        assertThat(SettingsCheck.problems(settings, false)).isEmpty();
        try (EventRecording recording = EventRecording.open(List.of(file.toString()), from, to)) {
            new SimulationRun(
                            new PrintWriter(said), new Progress(new PrintStream(progress), false), json, alerts, alerts)
                    .print(settings, recording);
        }
        assertThat(progress.size()).as("progress where nobody watches").isZero();
        return said.toString();
    }

    private static Map<String, String> settings() {
        return new HashMap<>(Map.of("steward.one-per-instance.services", "prod/logging-agent"));
    }

    private Path write(String... lines) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "recording", ".jsonl"), String.join("\n", lines) + "\n");
    }

    private static String impaired(String time) throws IOException {
        return sample("service-start-impaired")
                .replaceAll("\"(time|createdAt)\":\"[^\"]*\"", "\"$1\":\"2026-11-18T" + time + "Z\"");
    }

    private static String sample(String name) throws IOException {
        return JSON.readTree(Files.readString(Path.of("samples", name + ".json")))
                .toString();
    }

    private static JsonNode json(String report) throws IOException {
        return JSON.readTree(report);
    }
}
