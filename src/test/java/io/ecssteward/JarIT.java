package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.check.RouteFiles;
import io.ecssteward.cli.Main;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.FakeCollector;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSocketMode;
import io.ecssteward.testing.FakeTasksAndLogs;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.Jvm;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.RunningSteward;
import io.ecssteward.testing.Sqs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar as a process of its own, set up by nothing but the environment variables that the README names. */
class JarIT {

    private static final Path JAR = Path.of("target/ecs-steward.jar");

    private final Sqs sqs = new Sqs();
    private final FakeEcs ecs = new FakeEcs(ManualClock.at("2026-11-01T00:00:00Z"));
    private final FakeTasksAndLogs logs = new FakeTasksAndLogs();
    private final FakeSlack slack = new FakeSlack();
    private final String dead = sqs.createQueue("dead");
    private final String queue = sqs.createQueue("events", 5, 100, dead);
    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        ecs.close();
        logs.close();
        slack.close();
        sqs.close();
    }

    private Process start(Map<String, String> environment, String... arguments) {
        List<String> command = Jvm.command("-jar", JAR.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile());
        builder.environment()
                .keySet()
                .removeIf(n -> n.startsWith("STEWARD_") || n.startsWith("AWS_") || n.startsWith("OTEL_"));
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path output() {
        return folder.resolve("output.txt");
    }

    private String printed() {
        try {
            return Files.exists(output()) ? Files.readString(output()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the README exports, with this test's queue and Slack in place of the real ones. */
    private Map<String, String> readmesEnvironment() throws IOException {
        Map<String, String> ours = Map.of(
                "AWS_REGION",
                "eu-west-1",
                "STEWARD_EVENTS_QUEUE_URL",
                queue,
                "STEWARD_DEAD_LETTER_QUEUE_URL",
                dead,
                "STEWARD_SLACK_TOKEN_SECRET",
                "xoxb-readme",
                "STEWARD_SLACK_CHANNEL",
                "#ops");
        Map<String, String> environment = new HashMap<>(Map.of(
                // 8080 may be taken on the machine that runs the tests.
                "STEWARD_MANAGEMENT_PORT",
                "0",
                "STEWARD_SLACK_API_URL",
                slack.apiUrl(),
                "AWS_ACCESS_KEY_ID",
                "test",
                "AWS_SECRET_ACCESS_KEY",
                "test",
                "AWS_ENDPOINT_URL_SQS",
                sqs.endpoint().toString(),
                "AWS_ENDPOINT_URL_ECS",
                ecs.endpoint().toString()));
        Matcher exports =
                Pattern.compile("^export (\\w+)=", Pattern.MULTILINE).matcher(Files.readString(Path.of("README.md")));
        while (exports.find()) {
            environment.put(exports.group(1), ours.get(exports.group(1)));
        }
        return environment;
    }

    @Test
    void claimsInATableOutliveTheProcess() throws Exception {
        try (Dynamo dynamo = new Dynamo()) {
            Map<String, String> environment = new HashMap<>(readmesEnvironment());
            environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
            environment.put("STEWARD_CLAIMS", "dynamodb:" + dynamo.createTable());
            // ElasticMQ hands a message to the poll of a process that was killed; it comes back after this.
            environment.put("STEWARD_EVENTS_VISIBILITY_TIMEOUT", "10");
            environment.put("STEWARD_EVENTS_CONSUMERS", "1");
            for (int starts = 0; starts < 2; starts++) {
                Process jar = start(environment);
                sqs.send(queue, RunningSteward.sample("service-start-impaired"));
                RunningSteward.await(() -> printed().contains("service-action prod/checkout: "));
                sqs.awaitEmpty(queue, RunningSteward.PATIENCE);
                assertThat(printed())
                        .contains(starts == 0 ? "slack chat.postMessage" : "duplicate")
                        .doesNotContain("\tat ");
                jar.destroyForcibly().waitFor();
            }
            assertThat(slack.posts()).hasSize(1);
        }
    }

    @Test
    void aMissingTableEndsTheStartWithTheRemedy() throws Exception {
        try (Dynamo dynamo = new Dynamo()) {
            Map<String, String> environment = new HashMap<>(readmesEnvironment());
            environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
            environment.put("STEWARD_CLAIMS", "dynamodb:no-such-table");
            Process jar = start(environment);
            assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(jar.exitValue()).isEqualTo(Main.FAILED);
            assertThat(printed())
                    .contains(
                            "there is no DynamoDB table no-such-table",
                            "aws dynamodb create-table --table-name no-such-table");
        }
    }

    @Test
    void tracesAreExportedWhenTheEnvironmentSaysWhereTo() throws Exception {
        try (FakeCollector collector = new FakeCollector()) {
            Map<String, String> environment = new HashMap<>(readmesEnvironment());
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint().toString());
            Process jar = start(environment);
            sqs.send(queue, RunningSteward.sample("service-start-impaired"));
            RunningSteward.await(() -> printed().contains("service-action prod/checkout: "));
            jar.destroy();
            assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(collector.requests()).isNotEmpty().allMatch(FakeCollector.EXPORT::equals);
            assertThat(collector.spans())
                    .extracting(FakeCollector.Span::name)
                    .contains("intake", "service-events", "slack:default");
            assertThat(printed())
                    .contains("\"trace_id\":\"" + collector.spans().get(0).traceId() + "\"")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void withoutTracesNoClassOfOpenTelemetryIsLoaded() throws Exception {
        Map<String, String> environment = new HashMap<>(readmesEnvironment());
        Path loaded = folder.resolve("loaded.txt");
        environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded);
        Process jar = start(environment);
        sqs.send(queue, RunningSteward.sample("service-start-impaired"));
        RunningSteward.await(() -> printed().contains("service-action prod/checkout: "));
        jar.destroy();
        assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(loaded))
                .contains("io.ecssteward.runtime.Traces")
                .doesNotContain("io.opentelemetry");
    }

    @Test
    void withoutAnAppLevelTokenNoClassOfSocketModeIsLoaded() throws Exception {
        for (boolean token : List.of(false, true)) {
            Map<String, String> environment = new HashMap<>(readmesEnvironment());
            Path loaded = folder.resolve("loaded-" + token + ".txt");
            environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded);
            if (token) {
                environment.put("STEWARD_SLACK_APP_TOKEN_SECRET", FakeSocketMode.TOKEN);
            }
            Process jar = start(environment);
            if (token) {
                slack.socket.awaitConnections(1);
            } else {
                sqs.send(queue, RunningSteward.sample("service-start-impaired"));
                RunningSteward.await(() -> printed().contains("service-action prod/checkout: "));
            }
            jar.destroy();
            assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(loaded).contains("io.ecssteward.socket."))
                    .isEqualTo(token);
            assertThat(printed()).doesNotContain("xapp-1", "hush", "\tat ");
        }
    }

    private FakeSlack.Message incident() {
        return slack.channel("ops").get(0);
    }

    /** What only the person sees, once it says this. */
    private FakeSocketMode.Response answer(String words) {
        RunningSteward.await(() -> slack.socket.responses().stream().anyMatch(response -> response.says(words)));
        return slack.socket.responses().stream()
                .filter(response -> response.says(words))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private void awaitReply(String words) {
        RunningSteward.await(() -> incident().replies().stream().anyMatch(reply -> reply.says(words)));
    }

    @Test
    void everyButtonAndCommandWorks() throws Exception {
        FakeService web = ecs.addCluster("prod", 0)
                .addService("prod", "web")
                .desiredCount(4)
                .forgetHistory();
        web.taskDefinition("web:42").deployment(Duration.ofDays(3), "COMPLETED");
        web.taskDefinition("web:43").deployment(Duration.ofHours(1), "COMPLETED");
        ecs.tasksOf(logs);
        logs.task("arn:aws:ecs:eu-west-1:111122223333:task/prod/1", """
                [{"name": "app", "exitCode": 1, "lastStatus": "STOPPED"}]""", """
                [{"name": "app", "essential": true, "logConfiguration": {"logDriver": "awslogs", "options":
                 {"awslogs-group": "/ecs/web", "awslogs-stream-prefix": "web"}}}]""");
        logs.log("/ecs/web", "web/app/1", "FATAL: the database does not exist");
        Map<String, String> environment = new HashMap<>(readmesEnvironment());
        environment.put("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", logs.endpoint().toString());
        environment.put("STEWARD_DETAILS_LOGS", "true");
        environment.put("STEWARD_SLACK_APP_TOKEN_SECRET", FakeSocketMode.TOKEN);
        environment.put("STEWARD_SLACK_OPERATORS", "U1ALEX");
        Process jar = start(environment);
        slack.socket.awaitConnections(1);
        Instant now = Instant.now();
        sqs.send(queue, """
                {"version": "0", "id": "fails", "detail-type": "ECS Task State Change", "source": "aws.ecs",
                 "account": "111122223333", "time": "%s", "region": "eu-west-1", "resources": [],
                 "detail": {"clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
                 "taskArn": "arn:aws:ecs:eu-west-1:111122223333:task/prod/1", "version": 5,
                 "group": "service:web", "lastStatus": "STOPPED", "desiredStatus": "STOPPED",
                 "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
                 "containers": [{"name": "app", "exitCode": 1, "lastStatus": "STOPPED"}]}}
                """.formatted(now));
        RunningSteward.await(() -> !slack.channel("ops").isEmpty());

        awaitReply("FATAL");
        slack.socket.press(incident(), "log-tail", "U2KIM");
        RunningSteward.await(() -> incident().replies().stream()
                        .filter(reply -> reply.says("FATAL"))
                        .count()
                == 2);
        slack.socket.press(incident(), "redeploy", "U2KIM");
        slack.socket.press(incident(), "redeploy", "U1ALEX");
        FakeSocketMode.Response question = answer("Redeploying starts");
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).isEmpty();
        slack.socket.press(question, "cancel", "U1ALEX");
        answer("Nothing was changed");
        slack.socket.press(question, "redeploy", "U1ALEX");
        answer("You canceled this already");
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).isEmpty();
        int answered = slack.socket.responses().size();
        slack.socket.press(incident(), "redeploy", "U1ALEX");
        RunningSteward.await(() -> slack.socket.responses().size() > answered);
        slack.socket.press(answer("Redeploying starts"), "redeploy", "U1ALEX");
        awaitReply("started a deployment");
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).hasSize(1);
        web.completeDeployment();
        slack.socket.press(incident(), "roll-back", "U1ALEX");
        slack.socket.press(answer("Rolling back starts"), "roll-back", "U1ALEX");
        awaitReply("takes prod/web back from web:43 to web:42");
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE))
                .hasSize(2)
                .last()
                .satisfies(
                        call -> assertThat(call.request().path("taskDefinition").asText())
                                .endsWith(":task-definition/web:42"));
        slack.socket.press(incident(), "acknowledge", "U2KIM");
        RunningSteward.await(() -> incident().text().startsWith("[ACKNOWLEDGED]"));
        slack.socket.choose(incident(), "silence", "4h", "U2KIM");
        awaitReply("silenced prod/web until ");
        for (String command : List.of("status", "incidents", "help", "redeploy prod/api", "nonsense")) {
            int before = slack.socket.responses().size();
            slack.socket.command("/steward " + command, "U1ALEX");
            RunningSteward.await(() -> slack.socket.responses().size() > before);
        }
        slack.socket.command("/steward silence prod/api 1h test", "U2KIM");
        answer("prod/api");

        sqs.awaitEmpty(queue, RunningSteward.PATIENCE);
        assertThat(sqs.receiveAll(dead)).isEmpty();
        jar.destroy();
        assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(printed()).doesNotContain("xapp-1", "hush", "\tat ");
    }

    @Test
    void eventsInEffectsOutAndACleanEnd() throws Exception {
        ecs.addCluster("prod", 3);
        ecs.addService("prod", "web");
        Process jar = start(readmesEnvironment());
        sqs.send(queue, RunningSteward.sample("task-spot-interrupted"));
        sqs.send(queue, RunningSteward.sample("malformed-task-without-cluster"));
        RunningSteward.await(() ->
                ecs.calls(FakeEcs.UPDATE_SERVICE).size() == 1 && slack.posts().size() == 1);
        sqs.awaitEmpty(queue, RunningSteward.PATIENCE);
        assertThat(sqs.receiveAll(dead)).singleElement().satisfies(m -> {
            assertThat(m.messageAttributes().get("reason").stringValue()).contains("detail.clusterArn");
            assertThat(m.messageAttributes()).containsOnlyKeys("reason", "queue");
        });

        jar.destroy();
        assertThat(jar.waitFor(20, TimeUnit.SECONDS))
                .as("it ends although a poll of 20 seconds is under way")
                .isTrue();
        assertThat(jar.exitValue()).isEqualTo(128 + 15);
        assertThat(printed())
                .contains("task-state-change prod/web: ecs UpdateService prod/web, incident Opened web-")
                .doesNotContain("xoxb-readme")
                .doesNotContain("\tat ");
    }

    @Test
    void itAnswersForItsHealthAndItsMetrics() throws Exception {
        int port;
        try (ServerSocket any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        Map<String, String> environment = readmesEnvironment();
        environment.put("STEWARD_MANAGEMENT_PORT", Integer.toString(port));
        environment.put("STEWARD_METRICS_EMF", "true");
        // In a container with a read-only root there may be no place for temporary files: below a file there is none.
        environment.put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + output().resolve("none"));
        Process jar = start(environment);
        RunningSteward.await(() -> printed().contains("(ecs-steward-management) started in"));
        assertThat(RunningSteward.observe(port, "health/ready").statusCode())
                .as("without a wait for the first poll")
                .isEqualTo(200);
        assertThat(RunningSteward.observe(port, "health/live").statusCode()).isEqualTo(200);
        sqs.send(queue, RunningSteward.sample("service-start-impaired"));
        RunningSteward.await(() -> RunningSteward.observe(port, "metrics")
                .body()
                .contains("steward_events_total{outcome=\"performed\",type=\"service-action\"} 1.0"));

        jar.destroy();
        assertThat(jar.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(printed().lines().filter(l -> l.startsWith("{\"_aws\":")))
                .singleElement()
                .asString()
                .contains("\"steward_events.performed\":1.0");
        assertThat(printed().lines().filter(l -> !l.contains("java.io.tmpdir")))
                .as("what the JVM warns of, too")
                .allMatch(l -> l.startsWith("{\"") && l.endsWith("}"));
        assertThat(printed()).doesNotContain("xoxb-readme").doesNotContain("\tat ");
    }

    @Test
    void aPortThatIsTakenEndsTheStartInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Map<String, String> environment = readmesEnvironment();
            environment.put("STEWARD_MANAGEMENT_PORT", Integer.toString(taken.getLocalPort()));
            Process jar = start(environment);
            assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(jar.exitValue()).isEqualTo(Main.WRONG);
            assertThat(printed())
                    .contains("STEWARD_MANAGEMENT_PORT", "Address already in use", "set a port that is free")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void whatIsAtWorkWhenItIsToldToEndIsFinished() throws Exception {
        ecs.addCluster("prod", 3);
        ecs.addService("prod", "web");
        Gate gate = ecs.hold(FakeEcs.UPDATE_SERVICE, 1);
        Process jar = start(readmesEnvironment());
        sqs.send(queue, RunningSteward.sample("task-spot-interrupted"));
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        jar.destroy();
        gate.open();
        assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).hasSize(1);
        assertThat(slack.posts()).hasSize(1);
        assertThat(sqs.counts(queue).total()).isZero();
    }

    @Test
    void aKillLosesNothing() throws Exception {
        ecs.addCluster("prod", 3);
        ecs.addService("prod", "web");
        Gate gate = ecs.hold(FakeEcs.DESCRIBE_SERVICES, 1);
        Map<String, String> environment = readmesEnvironment();
        environment.put("STEWARD_EVENTS_VISIBILITY_TIMEOUT", "10");
        // ElasticMQ does not notice that a process died, and hands messages to its polls until they would have ended.
        environment.put(
                "STEWARD_QUEUES_OPTIONS",
                Settings.of(Map.of(), Map.of())
                        .get(Settings.OPTIONS)
                        .replace("waitTimeSeconds=20", "waitTimeSeconds=1"));
        Process jar = start(environment);
        sqs.send(queue, RunningSteward.sample("task-spot-interrupted"));
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        jar.destroyForcibly().waitFor();
        gate.open();
        start(environment);
        RunningSteward.await(() -> slack.posts().size() == 1);
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).hasSize(1);
        sqs.awaitEmpty(queue, RunningSteward.PATIENCE);
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() throws Exception {
        Process jar = start(Map.of("STEWARD_EVENTS_CONSUMERS", "many", "STEWARD_SLACK_CHANEL", "#ops"));
        assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(jar.exitValue()).isEqualTo(Main.WRONG);
        assertThat(printed().lines())
                .hasSize(6)
                .anyMatch(l -> l.contains("STEWARD_EVENTS_QUEUE_URL"))
                .anyMatch(l -> l.contains("STEWARD_SLACK_WEBHOOK_SECRET"))
                .anyMatch(l -> l.contains("STEWARD_EVENTS_CONSUMERS"))
                .anyMatch(l -> l.contains("STEWARD_SLACK_CHANEL is not a setting"))
                .anyMatch(l -> l.contains("AWS_REGION"));
    }

    @Test
    void aRouteThatIsWrongEndsTheStartInOneLine() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        for (String file : RouteFiles.list("file:src/main/resources/routes/*.camel.yaml")) {
            Path from = Path.of(file.substring("file:".length()));
            Files.copy(from, routes.resolve(from.getFileName()));
        }
        Path notices = routes.resolve("notices.camel.yaml");
        Files.writeString(notices, withParameter(Files.readString(notices), "severty: error"));
        Map<String, String> environment = readmesEnvironment();
        environment.put("STEWARD_ROUTES", "file:" + routes + "/*.camel.yaml");
        Process jar = start(environment);
        assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(jar.exitValue()).isEqualTo(Main.FAILED);
        assertThat(printed())
                .contains("notices.camel.yaml:39:23: alert: has no parameter 'severty'; did you mean 'severity'?")
                .doesNotContain("\tat ");
    }

    /** The route with a parameter in its alert. */
    private static String withParameter(String notices, String parameter) {
        String step = "uri: alert:notices\n";
        assertThat(notices).containsOnlyOnce(step);
        return notices.replace(step, step + " ".repeat(20) + "parameters:\n" + " ".repeat(22) + parameter + "\n");
    }

    @Test
    void exportedRoutesAreEditedWhileItRuns() throws Exception {
        Path routes = folder.resolve("routes");
        Process export = start(Map.of(), "routes", "export", routes.toString());
        assertThat(export.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(export.exitValue()).isZero();
        String both = "classpath:routes/*.camel.yaml,file:" + routes + "/*.camel.yaml";
        assertThat(printed()).contains("STEWARD_ROUTES='" + both + "'");

        Map<String, String> environment = readmesEnvironment();
        environment.put("STEWARD_ROUTES", both);
        environment.put("STEWARD_EVENTS_VISIBILITY_TIMEOUT", "10");
        // ElasticMQ does not notice when a poll is given up, and hands messages to nobody until the poll would have
        // ended.
        environment.put(
                "STEWARD_QUEUES_OPTIONS",
                Settings.of(Map.of(), Map.of())
                        .get(Settings.OPTIONS)
                        .replace("waitTimeSeconds=20", "waitTimeSeconds=1"));
        Gate gate = slack.hold();
        Process jar = start(environment);
        sqs.send(queue, RunningSteward.sample("text-bare.txt"));
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        Path notices = routes.resolve("notices.camel.yaml");
        String builtIn = Files.readString(notices);
        Files.writeString(notices, withParameter(builtIn, "severty: error"));
        RunningSteward.await(() -> printed().contains("are broken, so the previous ones keep running"));
        Files.writeString(notices, withParameter(builtIn, "title: Edited"));
        RunningSteward.await(() -> printed().contains(" run now; checking and starting them took "));
        sqs.send(queue, RunningSteward.sample("custom-event"));
        // Both generations have something to finish.
        jar.destroy();
        RunningSteward.await(() -> printed().contains("shutdown requested"));
        gate.open();
        assertThat(jar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(jar.exitValue()).isEqualTo(128 + 15);
        assertThat(printed()).contains("notices.camel.yaml:", "severty").doesNotContain("\tat ");
        assertThat(slack.posts()).hasSizeBetween(1, 2);
        assertThat(slack.posts().get(0).says("Edited")).isFalse();
        start(environment);
        RunningSteward.await(
                () -> slack.posts().size() == 2 && slack.posts().get(1).says("Edited"));
        sqs.awaitEmpty(queue, RunningSteward.PATIENCE);
    }

    @Test
    void replayShowsEverySampleWithoutAwsAndWithoutSlack() throws Exception {
        Process jar = start(Map.of("STEWARD_ONE_PER_INSTANCE_SERVICES", "logging-agent"), "replay", "samples");
        assertThat(jar.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jar.exitValue()).isZero();
        assertThat(printed())
                .contains("samples/task-spot-interrupted.json")
                .contains("{\"cluster\":\"prod\",\"service\":\"web\",\"forceNewDeployment\":true}")
                .contains("{\"cluster\":\"prod\",\"service\":\"logging-agent\",\"desiredCount\":3}")
                .contains("is disconnected")
                .contains("prod/checkout cannot consistently start its tasks")
                .contains("is back to normal")
                .contains("no usable detail.clusterArn")
                .contains("3 failed")
                .doesNotContain("\tat ");
    }

    @Test
    void replayInOrderKnowsCopies() throws Exception {
        Process jar = start(
                Map.of(),
                "replay",
                "--json",
                "--in-order",
                "samples/task-spot-interrupted.json",
                "samples/task-spot-interrupted-through-sns.json");
        assertThat(jar.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed()).contains("\"operation\" : \"UpdateService\"").contains("\"reason\" : \"duplicate\"");
    }

    @Test
    void simulateTakesARecordingFromStandardInputWithoutShowingProgress() throws Exception {
        Process jar = start(Map.of(), "simulate", "-", "--json");
        Files.copy(Path.of("src/test/resources/recordings/morning.jsonl"), jar.getOutputStream());
        jar.getOutputStream().close();
        assertThat(jar.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jar.exitValue()).as(printed()).isZero();
        assertThat(printed()).startsWith("{").contains("\"messages\" : 28").doesNotContain("\u001b");
    }

    @Test
    void diffEndsAsDiffDoes() throws Exception {
        String recording = "src/test/resources/recordings/morning.jsonl";
        assertThat(exitOf("diff", "built-in", "built-in", recording))
                .as(printed())
                .isZero();
        assertThat(exitOf("diff", "built-in", "docs/cookbook/team-channels", recording))
                .as(printed())
                .isEqualTo(1);
        assertThat(exitOf("diff", "built-in", "nowhere", recording))
                .as(printed())
                .isEqualTo(2);
        assertThat(exitOf("diff", "built-in", "built-in", "no.jsonl"))
                .as(printed())
                .isEqualTo(2);
        assertThat(exitOf("diff", "built-in")).as(printed()).isEqualTo(2);
    }

    private int exitOf(String... arguments) throws InterruptedException {
        Process jar = start(Map.of(), arguments);
        assertThat(jar.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return jar.exitValue();
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        ecs.addCluster("prod", 3);
        ecs.addService("prod", "web");
        Map<String, String> environment = readmesEnvironment();
        environment.remove("STEWARD_SLACK_WEBHOOK_SECRET");
        environment.put("STEWARD_DRY_RUN", "true");
        start(environment);
        sqs.send(queue, RunningSteward.sample("task-spot-interrupted"));
        RunningSteward.await(() -> printed().contains("ecs UpdateService prod/web"));
        assertThat(ecs.calls(FakeEcs.DESCRIBE_SERVICES)).hasSize(1);
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).isEmpty();
        assertThat(slack.posts()).isEmpty();
    }
}
