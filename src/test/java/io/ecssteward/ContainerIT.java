package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.RunningSteward;
import io.ecssteward.testing.Sqs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The image, run by podman with every limit that production has. {@code .ci/container} builds the image and calls this.
 */
@EnabledIfSystemProperty(
        named = "container.image",
        matches = ".+",
        disabledReason = "no image to test; .ci/container builds one")
class ContainerIT {

    private static final Path FIGURES = Path.of("target/container-figures.txt");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String PORT = "steward.management.port";

    /** Enough that a heap which grows with the work has grown: about a minute's at a quarter of a CPU. */
    private static final int LOAD = 3_000;

    private static final Duration LOAD_AT_MOST = Duration.ofMinutes(4);

    private final Sqs sqs = new Sqs();
    private final FakeEcs ecs = new FakeEcs(ManualClock.at("2026-11-01T00:00:00Z"));
    private final FakeSlack slack = new FakeSlack();
    private final String dead = sqs.createQueue("dead");
    private final String queue = sqs.createQueue("events", 30, 100, dead);
    private int port;
    private final String name = "steward-" + UUID.randomUUID().toString().substring(0, 8);

    /** What a command said, and its exit code. */
    private record Ended(int code, String said) {}

    @BeforeAll
    static void forgetFigures() throws IOException {
        Files.deleteIfExists(FIGURES);
    }

    @AfterEach
    void close() throws Exception {
        podman("rm", "--force", "--time", "0", "--ignore", name);
        ecs.close();
        slack.close();
        sqs.close();
    }

    private static Ended podman(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("podman"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("podman", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(command + " takes too long: " + Files.readString(output));
            }
            return new Ended(process.exitValue(), Files.readString(output).strip());
        } finally {
            Files.delete(output);
        }
    }

    private static List<String> limits(String cpus) {
        return List.of(
                "--network=host",
                "--read-only",
                "--read-only-tmpfs=false",
                "--tmpfs",
                "/tmp",
                "--cpus=" + cpus,
                "--memory=512m",
                "--memory-swap=512m",
                "--cap-drop=all",
                "--security-opt=no-new-privileges");
    }

    private static String image() {
        return System.getProperty("container.image");
    }

    private void start(String cpus) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION",
                "eu-west-1",
                "AWS_ACCESS_KEY_ID",
                "test",
                "AWS_SECRET_ACCESS_KEY",
                "test",
                "AWS_ENDPOINT_URL_SQS",
                sqs.endpoint().toString(),
                "AWS_ENDPOINT_URL_ECS",
                ecs.endpoint().toString(),
                "STEWARD_EVENTS_QUEUE_URL",
                queue,
                "STEWARD_DEAD_LETTER_QUEUE_URL",
                dead,
                "STEWARD_SLACK_WEBHOOK_SECRET",
                slack.webhook("ops")));
        if (managed()) {
            port = freePort();
            environment.put(Setting.variable(PORT), Integer.toString(port));
        }
        List<String> run = new ArrayList<>(List.of("run", "--detach", "--name", name));
        run.addAll(limits(cpus));
        environment.forEach((key, value) -> run.addAll(List.of("--env", key + "=" + value)));
        run.add(image());
        Ended started = podman(run.toArray(String[]::new));
        assertThat(started.code()).as(started.said()).isZero();
    }

    private static boolean managed() {
        return Settings.of(Map.of(), Map.of()).all().containsKey(PORT);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private String inspect(String what) throws Exception {
        return podman("inspect", "--format", "{{" + what + "}}", name).said();
    }

    private String logs() throws Exception {
        return podman("logs", name).said();
    }

    private void ends() throws Exception {
        long before = System.nanoTime();
        Ended stopped = podman("stop", "--time", "30", name);
        assertThat(stopped.code()).as(stopped.said()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("it ends although a poll of 20 seconds is under way")
                .isLessThan(Duration.ofSeconds(20));
        assertThat(inspect(".State.ExitCode")).as("SIGTERM, not SIGKILL").isEqualTo("143");
        assertThat(inspect(".State.OOMKilled")).isEqualTo("false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.25", "0.5", "1"})
    void eventsInEffectsOutAndACleanEnd(String cpus) throws Exception {
        ecs.addCluster("prod", 3);
        ecs.addService("prod", "web");
        sqs.send(queue, RunningSteward.sample("task-spot-interrupted"));
        long before = System.nanoTime();
        start(cpus);
        RunningSteward.await(() -> sqs.counts(queue).visible() == 0);
        Duration received = Duration.ofNanos(System.nanoTime() - before);
        RunningSteward.await(() -> ecs.calls(FakeEcs.UPDATE_SERVICE).size() == 1);
        Duration performed = Duration.ofNanos(System.nanoTime() - before);
        sqs.send(queue, RunningSteward.sample("malformed-task-without-cluster"));
        RunningSteward.await(() -> slack.posts().size() == 1);
        sqs.awaitEmpty(queue, RunningSteward.PATIENCE);
        assertThat(sqs.receiveAll(dead))
                .singleElement()
                .satisfies(m -> assertThat(m.messageAttributes().get("reason").stringValue())
                        .contains("detail.clusterArn"));

        assertThat(inspect(".Config.User")).isEqualTo("10001:10001");
        String process = Files.readString(Path.of("/proc", inspect(".State.Pid"), "status"));
        assertThat(process)
                .containsPattern("Uid:\\s+10001\\s")
                .containsPattern("CapEff:\\s+0{16}\\n")
                .containsPattern("NoNewPrivs:\\s+1\\n");
        if (managed()) {
            RunningSteward.await(() -> ready());
        }
        note(
                "%s CPU: first receive %.1f s after podman run, UpdateService after %.1f s%n",
                cpus, received.toMillis() / 1000.0, performed.toMillis() / 1000.0);
        String log = logs();
        ends();
        assertThat(log)
                .contains("slack webhook")
                .doesNotContain(slack.webhook("ops"))
                .doesNotContain("\tat ")
                .doesNotContain("[warning]");
        assertThat(log.lines()).as("what the JVM says, too").allMatch(l -> l.startsWith("{\"") && l.endsWith("}"));
    }

    private boolean ready() {
        try {
            return podman("healthcheck", "run", name).code() == 0;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** How soon it is ready, and how much memory it has then and has had at most when it has worked a backlog off. */
    @ParameterizedTest
    @ValueSource(strings = {"0.25", "0.5", "1"})
    void itHasEnoughMemory(String cpus) throws Exception {
        long before = System.nanoTime();
        start(cpus);
        Awaitility.await().atMost(LONG).pollInterval(Duration.ofMillis(100)).until(this::answersReady);
        Duration ready = Duration.ofNanos(System.nanoTime() - before);
        long idle = megabytes("VmRSS");
        String chatter = RunningSteward.sample("task-running");
        String finding = RunningSteward.sample("guardduty-finding-high");
        List<String> load = new ArrayList<>();
        for (int i = 0; i < LOAD; i++) {
            load.add(
                    i % 100 == 99
                            ? finding.replace("0297ea9d001abe711d6bf73210140135", "%032x".formatted(i))
                                    .replace("dfec826d", "%08x".formatted(i))
                            : chatter.replace("767fc7387e4358a4f2bc57871e89b4d9", "%032x".formatted(i)));
        }
        before = System.nanoTime();
        sqs.sendAll(queue, load);
        sqs.awaitEmpty(queue, LOAD_AT_MOST);
        Duration worked = Duration.ofNanos(System.nanoTime() - before);
        assertThat(slack.posts()).isNotEmpty();
        assertThat(sqs.counts(dead).total()).isZero();
        note(
                "%s CPU: ready %.1f s after podman run, idle with %d MB RSS; %d events in %.0f s, with %d MB RSS at "
                        + "most and %d MB after it; load average %s%n",
                cpus,
                ready.toMillis() / 1000.0,
                idle,
                LOAD,
                worked.toMillis() / 1000.0,
                megabytes("VmHWM"),
                megabytes("VmRSS"),
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        ends();
    }

    private boolean answersReady() {
        try {
            return RunningSteward.observe(port, "health/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** A figure of the process's status: {@code VmRSS}, what it has now, or {@code VmHWM}, what it has had at most. */
    private long megabytes(String figure) throws Exception {
        Matcher line = Pattern.compile(figure + ":\\s+(\\d+) kB")
                .matcher(Files.readString(Path.of("/proc", inspect(".State.Pid"), "status")));
        assertThat(line.find()).isTrue();
        return Long.parseLong(line.group(1)) * 1024 / 1_000_000;
    }

    private static void note(String format, Object... values) throws IOException {
        Files.writeString(FIGURES, format.formatted(values), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void theHealthCheckNeedsNeitherCurlNorAShell() throws Exception {
        HttpServer steward = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try {
            steward.createContext("/observe/health/ready", exchange -> {
                byte[] answer = "{\"status\":\"UP\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            steward.start();
            long before = System.nanoTime();
            Ended up = health(steward.getAddress().getPort());
            note("0.25 CPU: a health check takes %.1f s, with its container%n", (System.nanoTime() - before) / 1e9);
            assertThat(up.said()).contains("200 {\"status\":\"UP\"}");
            assertThat(up.code()).isZero();
        } finally {
            steward.stop(0);
        }
        assertThat(health(freePort()).code()).isEqualTo(1);
    }

    private static Ended health(int port) throws Exception {
        List<String> run = new ArrayList<>(List.of("run", "--rm"));
        run.addAll(limits("0.25"));
        run.addAll(List.of(image(), "health", "--port", Integer.toString(port)));
        return podman(run.toArray(String[]::new));
    }

    @Test
    void theAotCacheIsUsed() throws Exception {
        List<String> run =
                new ArrayList<>(List.of("run", "--rm", "--env", "JAVA_TOOL_OPTIONS=-XX:AOTMode=on -Xlog:class+load"));
        run.addAll(limits("1"));
        run.addAll(List.of(image(), "--version"));
        Ended version = podman(run.toArray(String[]::new));
        assertThat(version.said())
                .contains("io.ecssteward.cli.Main source: shared objects file")
                .contains("ecs-steward 0.");
        assertThat(version.code()).isZero();
    }

    @Test
    void itStartsWithoutAnyPlaceToWrite() throws Exception {
        List<String> run = new ArrayList<>(List.of("run", "--rm"));
        run.addAll(limits("1"));
        run.removeAll(List.of("--tmpfs", "/tmp"));
        run.addAll(List.of(image(), "--version"));
        Ended nowhere = podman(run.toArray(String[]::new));
        assertThat(nowhere.code()).as(nowhere.said()).isZero();
    }
}
