package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.simulation.DiffReport;
import io.ecssteward.simulation.DiffSide;
import io.ecssteward.simulation.EventRecording;
import io.ecssteward.simulation.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What two configurations do differently about a morning is found, and nothing else. */
class DiffTest {

    private static final Path BUILT_IN = Path.of("src/main/resources/routes");
    private static final Path MORNING = Path.of("src/test/resources/recordings/morning.jsonl");

    @TempDir
    private Path folder;

    private record Result(boolean differs, String said) {}

    @Test
    void theSameTwiceIsNoDifference() throws Exception {
        Result result = diff("built-in", routes("same").toString(), 20);
        assertThat(result.differs()).isFalse();
        assertThat(result.said()).startsWith("No difference in 28 messages");
    }

    @Test
    void anotherSeverityIsAChange() throws Exception {
        Path routes = routes("severity");
        edit(routes.resolve("stopped-tasks.camel.yaml"), "uri: alert:stopped-tasks\n", """
                uri: alert:stopped-tasks
                                    parameters:
                                      severity: critical
                """);
        Result result = diff("built-in", routes.toString(), 20);
        assertThat(result.differs()).isTrue();
        assertThat(result.said()).startsWith("""
                2026-11-18T07:03:00Z  task-state-change prod/checkout  (%s:13)
                  changed  default  Image not found: checkout:1.43.0 for prod/checkout: severity error -> critical

                1 of 28 messages differs
                       1   alerts with another severity

                Channel        old      new
                default          9        9

                Incidents        5        5
                """.formatted(MORNING));
    }

    @Test
    void anotherChannelIsAMove() throws Exception {
        Path old = properties("old.properties", "steward.slack.channel = #ops");
        Path young = properties(
                "new.properties", "STEWARD_SLACK_CHANNEL = #ops", "STEWARD_SLACK_CHANNELS = service:prod/web=#web");
        String said = diff(old.toString(), young.toString(), 20).said();
        assertThat(said).contains("""
                2026-11-18T08:00:00Z  task-state-change prod/web  (%s:16)
                  moved    #ops -> #web  Fargate Spot interrupts prod/web
                """.formatted(MORNING));
        assertThat(said)
                .contains("1   alerts moved to another channel")
                .containsPattern("#ops +9 +8 +-1")
                .containsPattern("#web +0 +1 +\\+1");
    }

    @Test
    void aPatternThatNoLongerMatchesTakesItsAlertsWithIt() throws Exception {
        Path routes = routes("gone");
        edit(routes.resolve("stopped-tasks.camel.yaml"), "[\"ECS Task State Change\"]", "[\"NEVER\"]");
        assertThat(diff("built-in", routes.toString(), 20).said())
                .contains(
                        "  gone     default  error firing  Image not found: checkout:1.43.0 for prod/checkout  [ignored]\n")
                .contains("1   alerts gone");
        assertThat(diff(routes.toString(), "built-in", 20).said())
                .contains(
                        "  new      default  error firing  Image not found: checkout:1.43.0 for prod/checkout  [ignored]\n")
                .contains("1   alerts new");
    }

    @Test
    void aChangeOfEcsThatIsNotMadeIsSaid() throws Exception {
        Path young = properties("new.properties", "steward.redeploy.cool-down = 31m");
        assertThat(diff("built-in", young.toString(), 20).said())
                .contains("gone     ECS: UpdateService "
                        + "{\"cluster\":\"prod\",\"service\":\"web\",\"forceNewDeployment\":true}")
                .contains("1   changes to ECS gone");
    }

    @Test
    void anAlertThatAReminderLeadsToIsComparedWithItsEvent() throws Exception {
        Path young = properties("new.properties", "steward.agent.grace-period = 90");
        assertThat(diff("built-in", young.toString(), 20).said())
                .contains("2026-11-18T07:05:00Z  container-instance-state-change prod  (" + MORNING + ":12)\n"
                        + "  changed  default  ECS agent on i-bbbb is disconnected: 30 s later\n")
                .contains("1 of 28 messages differs");
        Path never = properties("never.properties", "steward.agent.grace-period = 900");
        assertThat(diff("built-in", never.toString(), 20).said())
                .contains("gone     default  error firing  ECS agent on i-bbbb is disconnected  [no-incident]")
                .contains("1 of 28 messages differ");
    }

    @Test
    void onlyTheFirstAreShown() throws Exception {
        Path young = properties("new.properties", "steward.slack.channel = #ops");
        String said = diff("built-in", young.toString(), 2).said();
        assertThat(said.lines().filter(l -> l.startsWith("  moved")).count()).isEqualTo(2);
        assertThat(said).contains("and 7 more; --all shows them").contains("9   alerts moved to another channel");
    }

    @Test
    void aFolderGoesBesideTheBuiltInRoutes() throws Exception {
        Path routes = Files.createDirectories(folder.resolve("own"));
        Files.copy(
                Path.of("docs/cookbook/order-import/order-import.camel.yaml"),
                routes.resolve("order-import.camel.yaml"));
        String said = diff("built-in", routes.toString(), 20).said();
        assertThat(said)
                .startsWith("2026-11-18T11:45:00Z  unknown-event")
                .contains("severity error -> critical")
                .contains("1 of 28 messages differs");
    }

    @Test
    void twoRoutesForOneEventAreToldApart() throws Exception {
        Path routes = Files.createDirectories(folder.resolve("two"));
        String one = Files.readString(Path.of("docs/cookbook/order-import/order-import.camel.yaml"));
        Files.writeString(routes.resolve("one.camel.yaml"), one);
        Files.writeString(
                routes.resolve("two.camel.yaml"),
                one.replace("order-import", "order-other").replace("The import of", "Once more"));
        String said = diff("built-in", routes.toString(), 20).said();
        assertThat(said)
                .contains("Once more orders")
                .contains("The import of orders")
                .contains("1   alerts new");
        assertThat(diff(routes.toString(), routes.toString(), 20).differs()).isFalse();
    }

    @Test
    void aFolderCanHaveSettingsToo() throws Exception {
        Path routes = routes("both");
        Files.writeString(routes.resolve("steward.properties"), "steward.slack.channel = #ops\n");
        assertThat(diff("built-in", routes.toString(), 20).said()).contains("default -> #ops");
    }

    @Test
    void aFileCanHaveTheFormerNamesOfSettings() throws Exception {
        Path former = properties("former.properties", "steward.events.remember = 2h", "STEWARD_AGENT_WAIT = 30");
        DiffSide side = DiffSide.of(former.toString(), Map.of(), Map.of());

        assertThat(side.problems()).isEmpty();
        assertThat(side.settings().all())
                .containsEntry("steward.events.dedup-window", "2h")
                .containsEntry("steward.agent.grace-period", "30");
        assertThat(side.settings().warnings()).hasSize(2);
    }

    @Test
    void whatIsNoConfigurationIsSaid() throws Exception {
        assertThat(DiffSide.of("nowhere", Map.of(), Map.of()).problems())
                .singleElement()
                .asString()
                .contains("no configuration nowhere");
        assertThat(DiffSide.of(folder.toString(), Map.of(), Map.of()).problems())
                .singleElement()
                .asString()
                .contains("no *.camel.yaml");
        Path wrong = properties(
                "wrong.properties", "steward.slack.chanel = #ops", "color = red", "STEWARD_SLACK_INTERVAL = often");
        assertThat(DiffSide.of(wrong.toString(), Map.of(), Map.of()).problems())
                .anyMatch(p -> p.contains("color is not a setting"));
        Path mistyped =
                properties("mistyped.properties", "steward.slack.chanel = #ops", "STEWARD_SLACK_INTERVAL = often");
        assertThat(DiffSide.of(mistyped.toString(), Map.of(), Map.of()).problems())
                .anyMatch(p -> p.contains("steward.slack.chanel"))
                .anyMatch(p -> p.contains("often"));
    }

    @Test
    void withoutARecordingTheCommandLineIsWrong() {
        StringWriter errors = new StringWriter();
        int code = new CommandLine(new Diff()).setErr(new PrintWriter(errors)).execute("built-in", "built-in");
        assertThat(code).isEqualTo(2);
        assertThat(errors.toString()).contains("Missing required parameter: 'FILE|FOLDER|-'");
    }

    private Result diff(String before, String after, long most) throws Exception {
        DiffSide old = DiffSide.of(before, Map.of(), Map.of());
        DiffSide young = DiffSide.of(after, Map.of(), Map.of());
        assertThat(old.problems()).isEmpty();
        assertThat(young.problems()).isEmpty();
        StringWriter said = new StringWriter();
        try (EventRecording recording = EventRecording.open(List.of(MORNING.toString()), null, null)) {
            boolean differs = DiffReport.print(
                    old.settings(),
                    young.settings(),
                    recording,
                    new Progress(new PrintStream(new ByteArrayOutputStream()), false),
                    new PrintWriter(said),
                    most);
            return new Result(differs, said.toString());
        }
    }

    private Path routes(String name) throws IOException {
        Path copy = Files.createDirectories(folder.resolve(name));
        try (Stream<Path> files = Files.list(BUILT_IN)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    private static void edit(Path file, String what, String with) throws IOException {
        String text = Files.readString(file);
        int at = text.indexOf(what);
        assertThat(at).isPositive();
        Files.writeString(file, text.substring(0, at) + with + text.substring(at + what.length()));
    }

    private Path properties(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }
}
