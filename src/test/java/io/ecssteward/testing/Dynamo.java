package io.ecssteward.testing;

import com.sun.net.httpserver.Headers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Amazon's own DynamoDB Local, and between it and the client what goes wrong ({@link #fail}, {@link #hangUp},
 * {@link #loseAnswer}, {@link #hold}). It takes a second to start, so all share one process, with tables of their own.
 * The process has a classpath of its own, which the build writes to {@code target/dynamodb-local.classpath}.
 */
public final class Dynamo extends HttpFake {
    public static final String PUT = "PutItem";
    public static final String UPDATE = "UpdateItem";
    public static final String DELETE = "DeleteItem";
    public static final String GET = "GetItem";
    public static final String DESCRIBE_TABLE = "DescribeTable";

    public static final AwsError THROTTLED = new AwsError(
            "ProvisionedThroughputExceededException",
            400,
            "The level of configured provisioned throughput for the table was exceeded");
    public static final AwsError SERVER_ERROR = new AwsError("InternalServerError", 500, "Internal server error");
    public static final AwsError ACCESS_DENIED = new AwsError(
            "AccessDeniedException",
            400,
            "User: arn:aws:sts::" + Aws.ACCOUNT + ":assumed-role/steward/task is not authorized");

    private static final String NAMESPACE = "DynamoDB_20120810.";
    /** It asks for a signature, but does not look at it. */
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 Credential=dummy/20260101/" + Aws.REGION
            + "/dynamodb/aws4_request, SignedHeaders=host, Signature=0";

    private final HttpClient http = newHttp();
    private final List<String> calls = new ArrayList<>();

    /** Started by the first who asks; it ends with the JVM. */
    private static final class Server {
        private static final URI ENDPOINT = start();

        private static URI start() {
            try {
                String classpath = Files.readString(Path.of("target/dynamodb-local.classpath"));
                String libraries = Arrays.stream(classpath.split(File.pathSeparator))
                        .filter(f -> f.contains("sqlite4java") && !f.endsWith(".jar"))
                        .map(f -> Path.of(f).getParent().toString())
                        .collect(Collectors.joining(File.pathSeparator));
                int port = freePort();
                Process process = new ProcessBuilder(Jvm.command(
                                "-Xmx256m",
                                "-Dsqlite4java.library.path=" + libraries,
                                "-cp",
                                classpath,
                                "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
                                "-inMemory",
                                "-sharedDb",
                                "-disableTelemetry",
                                "-port",
                                Integer.toString(port)))
                        .redirectErrorStream(true)
                        // Several JVMs may have one each.
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/dynamodb-local.log")))
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
                URI endpoint = URI.create("http://127.0.0.1:" + port);
                awaitAnswer(endpoint);
                return endpoint;
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "starting DynamoDB Local, which mvn generate-test-resources prepares", e);
            }
        }

        /** In this thread: another would wait for this class to be initialized. */
        private static void awaitAnswer(URI endpoint) throws IOException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                try {
                    send(newHttp(), endpoint, "ListTables", "{}");
                    return;
                } catch (IOException e) {
                    if (System.nanoTime() > deadline) {
                        throw new IOException("no answer; it wrote target/dynamodb-local.log", e);
                    }
                    LockSupport.parkNanos(50_000_000);
                }
            }
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                return socket.getLocalPort();
            }
        }
    }

    /** Reaches it, and starts it when it is not started yet. */
    public Dynamo() {
        Server.ENDPOINT.getPort();
        listen();
    }

    /** Creates a table for claims, as the README says; returns its name. */
    public String createTable() {
        String table = createTable("key");
        client().updateTimeToLive(r ->
                r.tableName(table).timeToLiveSpecification(t -> t.enabled(true).attributeName("ttl")));
        return table;
    }

    /** Creates a table without a TTL, with these strings as partition and sort key; returns its name. */
    public String createTable(String... keys) {
        String table = "claims-" + UUID.randomUUID().toString().substring(0, 8);
        client().createTable(r -> r.tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(Arrays.stream(keys)
                        .map(k -> AttributeDefinition.builder()
                                .attributeName(k)
                                .attributeType(ScalarAttributeType.S)
                                .build())
                        .toList())
                .keySchema(Arrays.stream(keys)
                        .map(k -> KeySchemaElement.builder()
                                .attributeName(k)
                                .keyType(k.equals(keys[0]) ? KeyType.HASH : KeyType.RANGE)
                                .build())
                        .toList()));
        return table;
    }

    /** Where DynamoDB Local itself listens: nothing goes wrong there. */
    public URI local() {
        return Server.ENDPOINT;
    }

    /** A new client without retries; it is closed with this. */
    public DynamoDbClient client() {
        return client(PATIENCE);
    }

    /** The same, which waits for an answer no longer than this. */
    public DynamoDbClient client(Duration timeout) {
        return closeLater(Aws.client(DynamoDbClient.builder(), endpoint(), timeout));
    }

    /** A builder that knows where and who, for a client with the steward's own timeouts and retries. */
    public DynamoDbClientBuilder builder() {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint())
                .region(Aws.REGION)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("dummy", "dummy")));
    }

    /** The operations called through here since the last time, in order, without those that make tables. */
    public List<String> takeCalls() {
        synchronized (calls) {
            List<String> taken = calls.stream()
                    .filter(c -> !c.equals("CreateTable") && !c.equals("UpdateTimeToLive"))
                    .toList();
            calls.clear();
            return taken;
        }
    }

    @Override
    String operation(Headers headers, String body) {
        return headers.getFirst("X-Amz-Target").substring(NAMESPACE.length());
    }

    @Override
    void record(String operation, String body) {
        synchronized (calls) {
            calls.add(operation);
        }
    }

    @Override
    Answer respond(String operation, String body) {
        try {
            HttpResponse<String> answer = send(http, Server.ENDPOINT, operation, body);
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    String answer(String operation, String body) {
        throw new UnsupportedOperationException("DynamoDB Local answers");
    }

    @Override
    String body(AwsError error) {
        return "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + error.code() + "\",\"message\":\"" + error.message()
                + "\"}";
    }

    @Override
    String contentType() {
        return "application/x-amz-json-1.0";
    }

    private static HttpClient newHttp() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static HttpResponse<String> send(HttpClient http, URI endpoint, String operation, String body)
            throws IOException {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .header("X-Amz-Target", NAMESPACE + operation)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("Authorization", SIGNATURE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
