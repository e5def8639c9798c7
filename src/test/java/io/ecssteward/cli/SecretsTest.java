package io.ecssteward.cli;

import static io.ecssteward.testing.PlantedSecrets.SESAME;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ecssteward.log.Lines;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.PlantedSecrets;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import picocli.CommandLine;

/**
 * Secrets of every kind, in JSON of every shape, by their names in every way to write them: none of them is in what
 * reaches Slack, in the log, or in what a command prints.
 */
class SecretsTest {

    private static final Pattern LEAK = Pattern.compile(".{0,80}" + SESAME + ".{0,20}");

    private Path folder;

    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("secrets");
    }

    @AfterProperty
    void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    @Provide
    Arbitrary<List<String>> messages() {
        return PlantedSecrets.messages(6).list().ofSize(60);
    }

    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void noSecretComesOut(@ForAll("messages") List<String> messages) throws IOException {
        assertThat(String.join("\n", messages)).contains(SESAME);
        for (int i = 0; i < messages.size(); i++) {
            Files.writeString(folder.resolve("message-%02d.json".formatted(i)), messages.get(i));
        }
        noneIn("replay", CommandRun.run("replay", folder.toString()).out());
        noneIn(
                "replay --json",
                CommandRun.run("replay", "--json", folder.toString()).out());
        noneIn(
                "explain",
                CommandRun.run("explain", folder.resolve("message-00.json").toString())
                        .out());
        noneIn("simulate", CommandRun.run("simulate", folder.toString()).out());
        inSlackAndTheLogAndTheDeadLetters(messages);
    }

    /** What was a secret can no longer be told by its half, so that it has to be masked before. */
    @Example
    void noSecretComesOutOfWhatIsCut() throws IOException {
        JsonNode within = JsonNodeFactory.instance
                .objectNode()
                .set(
                        "environmentVariables",
                        JsonNodeFactory.instance.arrayNode().add("A=SESAME1509"));
        for (int depth = 0; depth < 3; depth++) {
            within = JsonNodeFactory.instance
                    .objectNode()
                    .put("jobName", "nightly")
                    .put("message", within.toString());
        }
        Files.writeString(
                folder.resolve("long-title.json"),
                JsonNodeFactory.instance
                        .objectNode()
                        .put("message", within.toString())
                        .put("more", "x".repeat(300))
                        .toString());
        Files.writeString(
                folder.resolve("breaks-off.json"),
                "{\"state\":\"FAILED\",\"a\":\"{\\\"message\\\":\\\"postgres://app:SESAME4711@db.internal:5432/shop is away");
        for (String command : List.of("replay", "simulate")) {
            CommandRun.Result shown = CommandRun.run(command, folder.toString());
            assertThat(shown.out()).contains("nightly");
            noneIn(command, shown.out() + shown.err());
        }
    }

    @Example
    void noSecretComesOutOfACustomRoute() throws IOException {
        String custom = """
                - route:
                    id: shop
                    from:
                      uri: event:shop
                      parameters:
                        pattern: '{"source": ["shop"]}'
                      steps:
                        - log:
                            message: "${body} ${field(detail.container)}"
                        - to:
                            uri: alert:shop
                            parameters:
                              title: "${field(detail.dbPassword)}"
                              text: "${field(detail.container)} ${field(detail.tags.0.value)} ${field(detail.args.1)}"
                              fields: |
                                Password: ${field(detail.other)}
                                All: ${field(detail.container)}
                """;
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(routes.resolve("shop.camel.yaml"), custom);
        try (RunningSteward steward = RunningSteward.create()
                        .with(
                                Settings.ROUTES.name(),
                                "classpath:routes/*.camel.yaml,file:" + routes + "/*.camel.yaml");
                Lines json = new Lines("json");
                Lines text = new Lines("text")) {
            steward.start();
            steward.send("""
                    {"source": "shop", "detail-type": "x", "id": "1", "detail": {"dbPassword": "SESAME1", "other": "open", "n": 1,
                     "args": ["--token", "SESAME3"], "tags": [{"key": "api_key", "value": "SESAME4"}],
                     "container": {"environment": [{"name": "A", "value": "SESAME5"}]}}}""");
            steward.awaitDone();
            assertThat(steward.slack.posts()).hasSize(1);
            noneIn("Slack", steward.slack.posts().get(0).body().toString());
            noneIn("the log", String.join("", json.written()) + String.join("", text.written()));
        }
    }

    private static void inSlackAndTheLogAndTheDeadLetters(List<String> messages) {
        try (RunningSteward steward = RunningSteward.create();
                Lines json = new Lines("json");
                Lines text = new Lines("text")) {
            steward.start();
            messages.forEach(steward::send);
            steward.awaitDone();
            assertThat(steward.slack.posts()).isNotEmpty();
            noneIn(
                    "Slack",
                    steward.slack.posts().stream()
                            .map(post -> post.body().toString())
                            .collect(Collectors.joining("\n")));
            noneIn("the log", String.join("", json.written()) + String.join("", text.written()));
            IntStream.range(0, messages.size())
                    .forEach(i -> steward.sqs.send(
                            steward.deadLetters,
                            messages.get(i),
                            Map.of(
                                    "reason",
                                    "ECS said token=" + SESAME + i,
                                    "queue",
                                    steward.queue,
                                    "apiKey",
                                    SESAME)));
            for (List<String> command : List.of(
                    List.of("dlq", "show", "--reason", "ECS"),
                    List.of("dlq", "show", "--json", "--reason", "ECS"),
                    List.of("dlq", "list"),
                    List.of("dlq", "list", "--json"))) {
                noneIn(String.join(" ", command), dlq(steward, command));
            }
            assertThat(steward.deadLetters().stream()
                            .map(letter -> letter.body())
                            .toList())
                    .as("they can be replayed as they were")
                    .containsExactlyInAnyOrderElementsOf(messages);
        }
    }

    private static String dlq(RunningSteward steward, List<String> arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        Dlq dlq = line.getSubcommands().get("dlq").getCommand();
        dlq.use(
                Settings.of(
                        Map.of(),
                        Map.of(
                                "steward.events.queue-url", steward.queue,
                                "steward.dead-letter.queue-url", steward.deadLetters)),
                url -> steward.sqs.newClient());
        line.execute(arguments.toArray(String[]::new));
        return out.toString();
    }

    private static void noneIn(String where, String text) {
        List<String> leaks = new ArrayList<>();
        LEAK.matcher(text).results().limit(5).forEach(leak -> leaks.add(leak.group()));
        assertThat(leaks).as("secrets in what %s shows", where).isEmpty();
    }
}
