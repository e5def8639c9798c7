package io.ecssteward.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Messages with secrets of every kind, in JSON of every shape, by their names in every way to write them. Each secret
 * has the word {@value #SESAME} in it.
 */
public final class PlantedSecrets {

    /** In every secret, and in nothing else. */
    public static final String SESAME = "SESAME";

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

    private PlantedSecrets() {}

    /** Messages as they come from SQS, of at most {@code depth} things around the secret. */
    public static Arbitrary<String> messages(int depth) {
        return Combinators.combine(nested(depth), Arbitraries.integers().between(0, 4), Arbitraries.integers())
                .as(PlantedSecrets::message);
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
                .as(PlantedSecrets::written);
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
    private static Arbitrary<JsonNode> nested(int depth) {
        return Combinators.combine(
                        planted(), Arbitraries.integers().between(0, 7).list().ofMaxSize(depth))
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
}
