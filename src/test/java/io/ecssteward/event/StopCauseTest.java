package io.ecssteward.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.ecssteward.alert.Alert;
import io.ecssteward.pattern.EventPattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The table of stopped tasks, row by row: each has an example that is this row and no other. The tables in
 * docs/events.md are the same; {@code -Dstopped-tasks.update=true} writes them anew.
 */
class StopCauseTest {

    private static final EventPattern RULE =
            EventPattern.compile(read(Path.of("terraform/patterns/stopped-tasks.json")));

    /** Routine that only the table knows, because an event pattern cannot ask for two things of one container. */
    private static final Set<String> DECIDED_AFTER_THE_QUEUE =
            Set.of("host-drained", "maintenance", "host-gone", "host-unhealthy", "deployment", "ended");

    private static TaskStateChange example(StopCause row) {
        ObjectNode event = Reading.json(Examples.TASK).deepCopy();
        ObjectNode detail = (ObjectNode) event.get("detail");
        detail.remove(List.of("stopCode", "stoppedReason", "group", "containers", "launchType"));
        detail.setAll((ObjectNode) row.example());
        return (TaskStateChange) Reading.read(event.toString());
    }

    private static Stream<DynamicTest> eachRow(Consumer<StopCause> test) {
        return StopCause.ALL.stream().map(row -> DynamicTest.dynamicTest(row.id(), () -> test.accept(row)));
    }

    @TestFactory
    Stream<DynamicTest> itsExampleIsThisRow() {
        return eachRow(row -> {
            assertThat(new StoppedTask(example(row)).cause().id()).isEqualTo(row.id());
            assertThat(example(row).routine()).isEqualTo(row.severity() == null);
        });
    }

    @TestFactory
    Stream<DynamicTest> whatIsToldNamesTheTaskAndSaysWhatToLookAt() {
        return eachRow(row -> {
            Alert alert = example(row).alert();
            assertThat(alert.title()).doesNotContain("{", "[", "?").containsPattern("prod/(web|nightly)");
            assertThat(alert.text()).doesNotContain("{", "?");
            assertThat(alert.key()).endsWith("/" + row.id());
            if (row.severity() != null) {
                assertThat(row.look()).isNotBlank();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whatIsToldReachesTheQueueAndRoutineDoesNot() {
        return eachRow(row -> assertThat(RULE.matches(example(row).payload().json()))
                .isEqualTo(row.severity() != null || DECIDED_AFTER_THE_QUEUE.contains(row.id())));
    }

    /** Whatever stop code, sentences, containers and capacity come together. */
    @Property
    void nothingThatIsToldIsFilteredBeforeTheQueue(
            @ForAll("codes") String code,
            @ForAll("sentences") String sentence,
            @ForAll("containers") List<ObjectNode> containers,
            @ForAll("origins") String origin,
            @ForAll("capacities") String capacity) {
        ObjectNode event = Reading.json(Examples.TASK).deepCopy();
        ObjectNode detail = (ObjectNode) event.get("detail");
        detail.remove(List.of("stopCode", "stoppedReason", "group", "launchType"));
        detail.putArray("containers").addAll(containers);
        Stream.of("stopCode=" + code, "stoppedReason=" + sentence, origin, capacity)
                .map(pair -> pair.split("=", 2))
                .filter(pair -> !pair[1].isEmpty())
                .forEach(pair -> detail.put(pair[0], pair[1]));
        detail.put("startedAt", "2026-11-20T10:00:00Z").put("stoppingAt", "2026-11-20T10:00:09Z");
        TaskStateChange task = (TaskStateChange) Reading.read(event.toString());
        if (!task.routine() && !task.spotInterruption()) {
            assertThat(RULE.matches(event)).as(event.toString()).isTrue();
        }
    }

    @Provide
    Arbitrary<String> codes() {
        return Arbitraries.of(
                "",
                "EssentialContainerExited",
                "TaskFailedToStart",
                "UserInitiated",
                "ServiceSchedulerInitiated",
                "InfrastructureHealth",
                "SpotInterruption",
                "TerminationNotice",
                "SomethingNew");
    }

    @Provide
    Arbitrary<String> sentences() {
        return Arbitraries.of(Stream.concat(
                        Stream.of("", "A new sentence"),
                        StopCause.ALL.stream()
                                .map(row -> row.example().path("stoppedReason").asText()))
                .toList());
    }

    @Provide
    Arbitrary<List<ObjectNode>> containers() {
        return Arbitraries.of(-1, 0, 1, 130, 137, 139, 143, 255)
                .flatMap(exit -> Arbitraries.of("", "", "OutOfMemoryError: killed", "CannotPullContainerError: no")
                        .map(reason -> {
                            ObjectNode container = new ObjectMapper().createObjectNode();
                            if (exit >= 0) {
                                container.put("exitCode", exit);
                            }
                            if (!reason.isEmpty()) {
                                container.put("reason", reason);
                            }
                            return container;
                        }))
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<String> origins() {
        return Arbitraries.of(
                "group=service:web", "group=family:nightly", "group=", "startedBy=ecs-svc/1", "startedBy=me");
    }

    @Provide
    Arbitrary<String> capacities() {
        return Arbitraries.of(
                "launchType=EC2",
                "launchType=FARGATE",
                "launchType=",
                "capacityProviderName=FARGATE_SPOT",
                "capacityProviderName=FARGATE",
                "capacityProviderName=managed");
    }

    @Test
    void aJobThatEndedWellDoesNotReachTheQueue() {
        assertThat(RULE.matches(Reading.json(read(Path.of("samples/task-exited-successfully.json")))))
                .isFalse();
    }

    @Test
    void theRouteWantsWhatTheRuleSends() throws IOException {
        JsonNode route = new ObjectMapper(new YAMLFactory())
                .readTree(Path.of("src/main/resources/routes/stopped-tasks.camel.yaml")
                        .toFile());
        assertThat(Reading.json(route.at("/0/route/from/parameters/pattern").asText()))
                .isEqualTo(Reading.json(RULE.toString()));
    }

    @Test
    void namesAreUnique() {
        assertThat(StopCause.ALL).extracting(StopCause::id).doesNotHaveDuplicates();
    }

    @Test
    void theTablesInTheDocumentAreTheTables() throws IOException {
        checkTable("stopped tasks", stops());
        checkTable("exit codes", exits());
    }

    private static String stops() {
        return "| alert | when | severity | what to look at first |\n| --- | --- | --- | --- |\n"
                + StopCause.ALL.stream()
                        .map(row -> "| [" + words(row.title()) + "](" + row.page() + ") | " + when(row) + " | "
                                + (row.severity() == null
                                        ? "routine"
                                        : row.severity().name().toLowerCase(Locale.ROOT))
                                + " | " + words((row.cause() + " " + row.look()).strip()) + " |\n")
                        .collect(Collectors.joining());
    }

    private static String when(StopCause row) {
        List<String> parts = new ArrayList<>();
        if (!row.stopCodes().isEmpty()) {
            parts.add(row.stopCodes().stream()
                    .map(code -> code.equals("none") ? "no stop code" : "`" + code + "`")
                    .collect(Collectors.joining(" or ")));
        }
        if (!row.says().isEmpty()) {
            parts.add("ECS says "
                    + row.says().stream()
                            .map(says -> "`" + says.pattern().replace("|", "\\|") + "`")
                            .collect(Collectors.joining(" and ")));
        }
        if (row.exit() != null) {
            parts.add(row.exit().equals("zero") ? "exit code 0" : "an exit code other than 0");
        }
        if (row.ranUnder() != null) {
            parts.add("it ran for less than " + row.ranUnder().toSeconds() + " s");
        }
        if (row.of() != null) {
            parts.add("of a " + row.of().replace("standalone", "standalone task"));
        }
        return parts.isEmpty() ? "anything else" : String.join("; ", parts);
    }

    private static String words(String template) {
        return template.replaceAll("\\[([^\\[\\]]*)]", "$1").replaceAll("\\{(\\w+)}", "*$1*");
    }

    private static String exits() {
        return "| exit code | what it means | what to look at first |\n| --- | --- | --- |\n"
                + StopCause.items(StopCause.TABLE.path("exits"))
                        .map(exit -> ExitCode.of(exit.path("code").asLong()))
                        .map(code -> "| " + code + " | " + code.meaning() + " | " + code.look() + " |\n")
                        .collect(Collectors.joining());
    }

    private static void checkTable(String name, String table) throws IOException {
        Path file = Path.of("docs/events.md");
        String begin = "<!-- the " + name + ", written by StopCauseTest -->\n";
        String end = "<!-- end of the " + name + " -->\n";
        String text = Files.readString(file);
        assertThat(text).containsSubsequence(begin, end);
        int from = text.indexOf(begin) + begin.length();
        if (Boolean.getBoolean("stopped-tasks.update")) {
            text = text.substring(0, from) + table + text.substring(text.indexOf(end));
            Files.writeString(file, text);
        }
        assertThat(text.substring(from, text.indexOf(end)))
                .as("run it with -Dstopped-tasks.update=true")
                .isEqualTo(table);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
