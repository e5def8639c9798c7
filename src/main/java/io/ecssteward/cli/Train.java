package io.ecssteward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * {@code train}: what the image's build runs so that the JVM can note which classes the steward needs and how it works.
 * It is {@code run} for some seconds, with a queue, ECS and Slack that this process plays itself: a replay alone would
 * leave out the consumers and the clients, a third of what a start takes.
 */
@CommandLine.Command(
        name = "train",
        hidden = true,
        description = "Works on samples for some seconds, for the image's AOT cache.")
final class Train implements Callable<Integer> {

    private static final int SECONDS = 10;
    private static final int MAX_A_RECEIVE = 10;
    /** Long enough that ten seconds of empty polls are few. */
    private static final int EMPTY_POLL_MILLIS = 500;

    @CommandLine.Parameters(paramLabel = "FOLDER", description = "Message bodies.")
    private Path folder;

    private final ObjectMapper json = new ObjectMapper();
    private final Queue<Path> waiting = new ArrayDeque<>();

    @Override
    public Integer call() throws Exception {
        try (Stream<Path> samples = Files.list(folder)) {
            samples.filter(Files::isRegularFile).sorted().forEach(waiting::add);
        }
        HttpServer world = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        world.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "world");
            thread.setDaemon(true);
            return thread;
        }));
        world.createContext("/", this::answer);
        world.start();
        String url = "http://localhost:" + world.getAddress().getPort();
        System.setProperty("aws.endpointUrl", url);
        System.setProperty("aws.region", "eu-west-1");
        System.setProperty("aws.accessKeyId", "none");
        System.setProperty("aws.secretAccessKey", "none");
        System.setProperty(Settings.QUEUE.name(), url + "/111122223333/events");
        System.setProperty(Settings.WEBHOOK.name(), url + "/services/T000/B000/XXXX");
        System.setProperty(Settings.INTERVAL.name(), "0");
        int code = new CommandLine(new Run(Duration.ofSeconds(SECONDS))).execute();
        world.stop(0);
        return waiting.isEmpty() ? code : Main.FAILED;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        byte[] asked = exchange.getRequestBody().readAllBytes();
        byte[] answer = (target == null
                        ? "ok"
                        : answer(target, json.readTree(asked)).toString())
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", target == null ? "text/plain" : "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private ObjectNode answer(String target, JsonNode asked) throws IOException {
        ObjectNode answer = json.createObjectNode();
        switch (target.substring(target.lastIndexOf('.') + 1)) {
            case "ReceiveMessage" -> receive(answer.putArray("Messages"));
            case "SendMessage" ->
                answer.put("MessageId", "sent")
                        .put("MD5OfMessageBody", md5(asked.path("MessageBody").asText()));
            case "DeleteMessageBatch" -> {
                ArrayNode deleted = answer.putArray("Successful");
                asked.path("Entries")
                        .forEach(entry ->
                                deleted.addObject().put("Id", entry.path("Id").asText()));
            }
            case "DescribeServices" -> describe(asked, answer.putArray("services"));
            default -> {
                // Nothing is found, and everything else is well.
            }
        }
        return answer;
    }

    private void receive(ArrayNode messages) throws IOException {
        synchronized (waiting) {
            while (!waiting.isEmpty() && messages.size() < MAX_A_RECEIVE) {
                String body = Files.readString(waiting.remove(), StandardCharsets.ISO_8859_1);
                messages.addObject()
                        .put("MessageId", Integer.toString(waiting.size()))
                        .put("ReceiptHandle", Integer.toString(waiting.size()))
                        .put("Body", body)
                        .put("MD5OfBody", md5(body))
                        .putObject("Attributes")
                        .put("ApproximateReceiveCount", "1")
                        .put("SentTimestamp", Long.toString(System.currentTimeMillis()));
            }
        }
        if (messages.isEmpty()) {
            try {
                Thread.sleep(EMPTY_POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void describe(JsonNode asked, ArrayNode services) {
        asked.path("services")
                .forEach(name -> services.addObject()
                        .put("serviceName", name.asText())
                        .put("status", "ACTIVE")
                        .put("desiredCount", 1)
                        .put("runningCount", 1)
                        .putArray("deployments"));
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
