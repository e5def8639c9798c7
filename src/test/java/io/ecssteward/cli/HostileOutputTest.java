package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Names in events come from outside: no command lets them move the cursor, color a terminal or begin a line. */
class HostileOutputTest {

    private static final String ALARMING = "\u001b[2J\u001b]0;owned\u0007\u009b31m\rok   \u202Elive\u2066\u0085\u2028";

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path event;

    @BeforeEach
    void hostileEvents() throws Exception {
        List<String> all = List.of(
                bent("task-exited-with-error", "clusterArn", "group", "stoppedReason", "name", "reason"),
                bent("service-start-impaired", "clusterArn", "eventName", "reason", "resources"),
                bent("alarm-eventbridge-metric-firing", "alarmName", "description", "reason", "region", "account"),
                bent("custom-event", "source", "detail-type", "id"));
        for (int i = 0; i < all.size(); i++) {
            Files.writeString(folder.resolve("event-" + i + ".json"), all.get(i));
        }
        event = folder.resolve("event-0.json");
        Files.writeString(folder.resolve("event-9.txt"), "plain " + ALARMING + "\nok   forged");
        Files.writeString(
                folder.resolve("all.jsonl"),
                all.stream().map(HostileOutputTest::oneLine).reduce("", (a, b) -> a + b + "\n"));
    }

    private static String oneLine(String json) {
        try {
            return JSON.readTree(json).toString();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String bent(String sample, String... fields) throws Exception {
        JsonNode json = JSON.readTree(Files.readString(Path.of("samples", sample + ".json"), StandardCharsets.UTF_8));
        for (String field : fields) {
            json.findParents(field).forEach(parent -> {
                if (parent.get(field).isTextual()) {
                    ((ObjectNode) parent).put(field, parent.get(field).asText() + ALARMING + "\nok   forged");
                }
            });
        }
        return json.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"replay", "replay --json", "replay --in-order", "simulate --alerts", "simulate --json --alerts"})
    void whatRunsManyEvents(String command) {
        Stream<String> words = Stream.of(command.split(" "));
        Path what = command.startsWith("simulate") ? folder.resolve("all.jsonl") : folder;
        harmless(Stream.concat(words, Stream.of(what.toString())).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"explain", "explain --json"})
    void whatExplainsOne(String command) throws Exception {
        for (Path file :
                Files.list(folder).filter(f -> !f.toString().endsWith("l")).toList()) {
            harmless(Stream.concat(Stream.of(command.split(" ")), Stream.of(file.toString()))
                    .toArray(String[]::new));
        }
    }

    @Test
    void whatTestsAndCompares() throws Exception {
        Path tests = folder.resolve("tests");
        Files.createDirectories(tests.resolve("samples"));
        Files.createDirectories(tests.resolve("expected"));
        Files.writeString(tests.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: event:mine
                      parameters:
                        pattern: |
                          {"source": ["shop.orders"]}
                      steps:
                        - to: alert:mine
                """);
        Files.copy(event, tests.resolve("samples/mine.json"));
        harmless("test", tests.toString());
        Path settings = Files.writeString(folder.resolve("other.properties"), "steward.slack.channel=#other\n");
        harmless(
                "diff",
                "built-in",
                settings.toString(),
                folder.resolve("all.jsonl").toString());
    }

    private static void harmless(String... arguments) {
        for (CommandLine.Help.Ansi ansi : List.of(CommandLine.Help.Ansi.OFF, CommandLine.Help.Ansi.ON)) {
            CommandRun.Result result = CommandRun.run(ansi, arguments);
            String said = result.out().replaceAll("\u001b\\[\\d{1,2}m", "");
            assertThat(said).as(String.join(" ", arguments)).isNotEmpty();
            assertThat(said.chars().filter(c -> c != '\n' && (c < 0x20 || c >= 0x7f && c < 0xa0)))
                    .as("control characters")
                    .isEmpty();
            assertThat(said).doesNotContain("\u202E", "\u2066", "\u2028");
            assertThat(said.lines()).as("forged lines").noneMatch(line -> line.startsWith("ok   forged"));
        }
    }
}
