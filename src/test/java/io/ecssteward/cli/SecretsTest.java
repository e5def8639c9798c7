package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ecssteward.log.Lines;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
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
 * reaches Slack, in the log, or in what a command prints. Each secret has the word {@value #SESAME} in it.
 */
class SecretsTest {

    private static final String SESAME = "SESAME";
    private static final Pattern LEAK = Pattern.compile(".{0,80}" + SESAME + ".{0,20}");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final List<String> NAMES = List.of(
            "password",
            "db password",
            "secret",
            "client secret",
            "token",
            "session token",
            "api key",
            "secret access key",
            "authorization",
            "credentials",
            "private key",
            "signing key",
            "slack webhook");

    /** Each has a secret that its looks give away. */
    private static final List<String> TEXTS = List.of(
            "connecting with password=%s failed",
            "postgres://app:%s@db.internal:5432/shop is away",
            "GET https://b.s3.amazonaws.com/a?X-Amz-Date=1&X-Amz-Signature=%s answered 403",
            "posting to https://hooks.slack.com/services/T000/B000/%s failed",
            "posting to https://hooks.slack.com/triggers/T000/1/%s failed",
            "got xoxb-1234567890-%s",
            "got xapp-1-A000-%s",
            "Authorization: Bearer %s",
            "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.%s",
            "-----BEGIN RSA PRIVATE KEY----- %s -----END RSA PRIVATE KEY-----",
            "run --db-password %s --port 80",
            "ran {DB_PASSWORD=%s, STAGE=prod}",
            "answered {\"a\": {\"apiKey\": \"%s\"}} to it",
            "AKIA%s here");

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

    /** The same name as people write it. */
    private static String written(String name, int how) {
        String[] words = name.split(" ");
        String joined = String.join(
                "",
                Stream.of(words)
                        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                        .toList());
        return switch (how) {
            case 0 -> Character.toLowerCase(joined.charAt(0)) + joined.substring(1);
            case 1 -> joined;
            case 2 -> String.join("-", words);
            case 3 -> String.join("_", words);
            case 4 -> String.join("_", words).toUpperCase(Locale.ROOT);
            default -> "X-" + String.join("-", words).toUpperCase(Locale.ROOT);
        };
    }

    /** One place for a secret. */
    private static Arbitrary<JsonNode> planted() {
        Arbitrary<String> secret = Arbitraries.integers().between(1_000, 9_999).map(n -> SESAME + n);
        Arbitrary<String> name = Combinators.combine(
                        Arbitraries.of(NAMES), Arbitraries.integers().between(0, 5))
                .as(SecretsTest::written);
        Arbitrary<JsonNode> byName = Combinators.combine(
                        name, secret, Arbitraries.integers().between(0, 8))
                .as((key, value, shape) -> switch (shape) {
                    case 0 -> JSON.objectNode().put(key, value);
                    case 1 ->
                        JSON.objectNode().set(key, JSON.arrayNode().add(value).add(value));
                    case 2 -> JSON.objectNode().set(key, JSON.objectNode().put("inner", value));
                    case 3 -> JSON.objectNode().put("name", key).put("value", value);
                    case 4 -> JSON.objectNode().put("Key", key).put("Value", value);
                    case 5 -> JSON.arrayNode().add(key).add(value);
                    case 6 -> JSON.arrayNode().add("app").add("--" + key).add(value);
                    case 7 -> JSON.arrayNode().add("app").add("--" + key + "=" + value);
                    default -> TextNode.valueOf("{\"a\": [{\"" + key + "\": \"" + value + "\"}]}");
                });
        Arbitrary<JsonNode> environment = Combinators.combine(
                        Arbitraries.of(
                                "environment", "Environment", "env", "environmentVariables", "environment-variables"),
                        secret,
                        Arbitraries.integers().between(0, 2))
                .as((key, value, shape) -> switch (shape) {
                    case 0 ->
                        JSON.objectNode()
                                .set(
                                        key,
                                        JSON.arrayNode()
                                                .add(JSON.objectNode()
                                                        .put("name", "A")
                                                        .put("value", value)));
                    case 1 -> JSON.objectNode().set(key, JSON.objectNode().put("A", value));
                    default -> JSON.objectNode().set(key, JSON.arrayNode().add("A=" + value));
                });
        Arbitrary<JsonNode> byLooks = Combinators.combine(Arbitraries.of(TEXTS), secret)
                .as((text, value) -> TextNode.valueOf(
                        text.startsWith("AKIA") ? text.formatted("IO" + value + "EXAMPLE") : text.formatted(value)));
        return Arbitraries.oneOf(byName, environment, byLooks);
    }

    /** JSON of which the end is missing, as what cuts long texts leaves it. */
    private static String cutOff(String json) {
        return json.endsWith("}") || json.endsWith("]") ? json.replaceFirst("[\\]}\"]+$", "") : json;
    }

    /** Something around it, as deep as it comes. */
    private static Arbitrary<JsonNode> nested() {
        return Combinators.combine(
                        planted(), Arbitraries.integers().between(0, 7).list().ofMaxSize(6))
                .as((node, shapes) -> {
                    JsonNode around = node;
                    for (int shape : shapes) {
                        around = switch (shape) {
                            case 0 -> JSON.objectNode().put("state", "FAILED").set("a", around);
                            case 1 -> JSON.arrayNode().add(around);
                            case 2 -> JSON.arrayNode().add("x").add(around).add("y");
                            case 3 ->
                                JSON.objectNode()
                                        .put("message", around.isTextual() ? around.asText() : around.toString());
                            case 4 ->
                                JSON.objectNode().put("jobName", "nightly").set("Details", around);
                            case 5 -> TextNode.valueOf(around.isTextual() ? around.asText() : around.toPrettyString());
                            case 6 ->
                                TextNode.valueOf(cutOff(around.isTextual() ? around.asText() : around.toString()));
                            default -> TextNode.valueOf(around.isTextual() ? around.asText() : around.toString());
                        };
                    }
                    return around;
                });
    }

    private static String message(JsonNode node, int envelope, int number) {
        ObjectNode event = JSON.objectNode()
                .put("id", "secrets-" + number)
                .put("source", "shop.test")
                .put("detail-type", "Job State Change")
                .put("account", "111122223333")
                .put("region", "eu-west-1");
        event.set("detail", node.isObject() ? node : JSON.objectNode().set("message", node));
        String bare = node.isTextual() ? node.asText() : node.toString();
        return switch (envelope) {
            // To simulate, a file with a list is a recording, and each element a message without what is beside it.
            case 0 -> bare.startsWith("[") ? event.toString() : bare;
            case 1 -> event.toString();
            case 2 -> sns(event.toString(), number);
            case 3 -> sns(bare, number);
            default -> JSON.objectNode().put("text", bare).toString();
        };
    }

    private static String sns(String message, int number) {
        return JSON.objectNode()
                .put("Type", "Notification")
                .put("MessageId", "sns-" + number)
                .put("Subject", "password=" + SESAME + number)
                .put("Message", message)
                .toString();
    }

    @Provide
    Arbitrary<List<String>> messages() {
        return Combinators.combine(nested(), Arbitraries.integers().between(0, 4), Arbitraries.integers())
                .as(SecretsTest::message)
                .list()
                .ofSize(60);
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
        JsonNode within =
                JSON.objectNode().set("environmentVariables", JSON.arrayNode().add("A=SESAME1509"));
        for (int depth = 0; depth < 3; depth++) {
            within = JSON.objectNode().put("jobName", "nightly").put("message", within.toString());
        }
        Files.writeString(
                folder.resolve("long-title.json"),
                JSON.objectNode()
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
