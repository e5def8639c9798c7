package io.ecssteward.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The training run of the image's AOT cache: runs the image's own command for some seconds between a queue full of
 * samples, an ECS and a Slack, and ends it by SIGTERM. The JVM then notes which classes the steward needs and how it
 * works. A replay alone would leave out the consumers and the clients, a third of what a start takes.
 */
public final class AotTraining {
    private AotTraining() {}

    /** How long it goes on when it has read all samples. */
    private static final int SECONDS = 7;

    /** For the start and the samples; and for the end, when the JVM makes the cache. */
    private static final int MAX_SECONDS = 120;

    /** With the folder of the samples, the file of the cache, and the command. */
    public static void main(String[] arguments) throws Exception {
        FakeAws world = new FakeAws(new Mix(Path.of(arguments[0])), 0);
        try (Stream<Path> samples = Files.list(Path.of(arguments[0]))) {
            for (Path sample : samples.filter(Files::isRegularFile).sorted().toList()) {
                // Some are not UTF-8, on purpose.
                world.send("events", Files.readString(sample, StandardCharsets.ISO_8859_1));
            }
        }
        int port = world.listen();
        Thread thread = new Thread(() -> serve(world), "world");
        thread.setDaemon(true);
        thread.start();
        String url = "http://127.0.0.1:" + port;
        ProcessBuilder builder = new ProcessBuilder(List.of(arguments).subList(2, arguments.length)).inheritIO();
        builder.environment()
                .putAll(Map.of(
                        "AWS_ENDPOINT_URL",
                        url,
                        "AWS_REGION",
                        FakeAws.REGION,
                        "AWS_ACCESS_KEY_ID",
                        "none",
                        "AWS_SECRET_ACCESS_KEY",
                        "none",
                        "STEWARD_EVENTS_QUEUE_URL",
                        url + "/" + FakeAws.ACCOUNT + "/events",
                        "STEWARD_SLACK_WEBHOOK_SECRET",
                        url + "/services/T000/B000/XXXX",
                        "STEWARD_SLACK_INTERVAL",
                        "0"));
        Process steward = builder.start();
        try {
            for (int seconds = 0; !readAll(url); seconds++) {
                if (steward.waitFor(1, TimeUnit.SECONDS) || seconds == MAX_SECONDS) {
                    throw new IllegalStateException("it has not read the queue");
                }
            }
            if (steward.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("it ended by itself, with " + steward.exitValue());
            }
            steward.destroy();
            if (!steward.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("it did not end within " + MAX_SECONDS + " s");
            }
        } finally {
            steward.destroyForcibly();
        }
        if (!Files.exists(Path.of(arguments[1]))) {
            throw new IllegalStateException("it has made no " + arguments[1]);
        }
        System.exit(0);
    }

    private static boolean readAll(String url) throws IOException {
        try (InputStream state = new URL(url + "/control/state").openStream()) {
            return new ObjectMapper().readTree(state).path("waiting").asInt() == 0;
        }
    }

    private static void serve(FakeAws world) {
        try {
            world.serve();
        } catch (IOException e) {
            throw new IllegalStateException("playing AWS", e);
        }
    }
}
