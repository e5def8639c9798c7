package io.ecssteward.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Secrets Manager, as far as GetSecretValue goes. */
public final class FakeSecrets extends HttpFake {
    public static final String GET = "GetSecretValue";

    private static final String TARGET = "secretsmanager.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    public FakeSecrets() {
        listen();
    }

    /** Stores a secret, or another value of it. */
    public FakeSecrets put(String name, String value) {
        secrets.put(name, value);
        return this;
    }

    /** The names that were asked for. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** A client that asks here, once. */
    public SecretsManagerClient client() {
        return closeLater(Aws.client(SecretsManagerClient.builder(), endpoint(), PATIENCE));
    }

    @Override
    String operation(Headers headers, String body) {
        String target = headers.getFirst("X-Amz-Target");
        return target != null && target.startsWith(TARGET) ? target.substring(TARGET.length()) : "";
    }

    @Override
    void record(String operation, String body) {
        asked.add(parse(body).path("SecretId").asText());
    }

    @Override
    String answer(String operation, String body) {
        String name = parse(body).path("SecretId").asText();
        String secret = secrets.get(name);
        if (!operation.equals(GET) || secret == null) {
            throw AwsError.refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("Name", name)
                .put("SecretString", secret)
                .toString();
    }

    @Override
    String body(AwsError error) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("__type", error.code())
                .put("Message", error.message())
                .toString();
    }

    @Override
    String contentType() {
        return "application/x-amz-json-1.1";
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + body, e);
        }
    }
}
