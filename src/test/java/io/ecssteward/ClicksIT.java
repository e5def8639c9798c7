package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.settings.Settings;
import io.ecssteward.slack.ActionValue;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSocketMode;
import io.ecssteward.testing.Jvm;
import io.ecssteward.testing.Sqs;
import io.ecssteward.testing.SqsProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Replicas of the packaged jar, of which one is killed every few seconds, and people who press buttons meanwhile: what
 * Slack was told to be taken is done, and done once. Whoever sees that nothing came of a click presses again, as people
 * do.
 *
 * <p>{@code -Dclicks=1000} makes it longer. What it leaves in {@code target/clicks} tells what happened.
 */
class ClicksIT {

    private static final int CLICKS = Integer.getInteger("clicks", 100);
    private static final int KILLS = Math.max(5, CLICKS / 25);
    private static final int REPLICAS = 3;
    private static final int PEOPLE = 4;
    private static final int VISIBILITY = 10;
    private static final String OPERATOR = "U1ALEX";

    private static final String ROUTE = """
            - route:
                id: restart
                routeConfigurationId: wait-for-duplicate,retry
                from:
                  uri: event:restart
                  parameters:
                    pattern: |
                      {"source": ["ecs-steward"], "detail-type": ["Slack Action"], "detail": {"action": ["restart"]}}
                  steps:
                    - to: ecs-service:redeploy
            """;

    private final Path folder = Path.of("target/clicks");
    private final Random random = new Random(20261128);
    private final FakeEcs ecs = new FakeEcs();
    private final FakeSlack slack = new FakeSlack();
    private final Dynamo dynamo = new Dynamo();
    private final Process[] replicas = new Process[REPLICAS];
    private final Thread undertaker = new Thread(this::endReplicas);
    private final ExecutorService people = Executors.newFixedThreadPool(PEOPLE);

    /** How often somebody clicked for a service. */
    private final Map<String, AtomicInteger> clicks = new ConcurrentHashMap<>();

    private SqsProcess elasticMq;

    @AfterEach
    void close() {
        people.shutdownNow();
        endReplicas();
        Runtime.getRuntime().removeShutdownHook(undertaker);
        ecs.close();
        slack.close();
        dynamo.close();
        if (elasticMq != null) {
            elasticMq.close();
        }
    }

    private void endReplicas() {
        for (Process replica : replicas) {
            if (replica != null) {
                replica.destroyForcibly();
            }
        }
    }

    private void start(int replica, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(Jvm.command("-Xmx256m", "-jar", "target/ecs-steward.jar"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("replica-" + replica + ".log").toFile()));
        builder.environment().keySet().removeIf(n -> n.startsWith("STEWARD_") || n.startsWith("AWS_"));
        builder.environment().putAll(environment);
        try {
            replicas[replica] = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clicks until it is acknowledged. Every third click comes twice, on whatever connections. */
    private void insist(int number) {
        String service = "s" + number;
        AtomicInteger count = clicks.computeIfAbsent(service, key -> new AtomicInteger());
        while (true) {
            int nth = count.incrementAndGet();
            ObjectNode payload = click(service, number, nth);
            List<CompletableFuture<Void>> envelopes = new ArrayList<>();
            for (int copies = number % 3 == 0 ? 2 : 1; copies > 0; copies--) {
                envelopes.add(
                        confirms(service)
                                ? slack.socket.send("interactive", payload)
                                : slack.socket.send("slash_commands", typed(service, number, nth)));
            }
            try {
                CompletableFuture.anyOf(envelopes.toArray(CompletableFuture[]::new))
                        .get(30, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException | TimeoutException e) {
                // Slack shows the person that nothing came of it.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Whether people press the built-in button there, and agree; elsewhere they type a command of a custom route. */
    private static boolean confirms(String service) {
        return service.matches(".*[02468]");
    }

    private static ObjectNode click(String service, int number, int nth) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode().put("type", "block_actions");
        payload.putObject("user").put("id", OPERATOR).put("username", "alex");
        ActionValue agreed = new ActionValue(
                null,
                "service/111122223333/eu-west-1/prod/" + service,
                null,
                "1763373600.%06d".formatted(number),
                service + ":1>" + service + ":1");
        payload.putArray("actions")
                .addObject()
                .put("action_id", "redeploy")
                .put("action_ts", Instant.now().getEpochSecond() + ".%06d".formatted(number * 100 + nth))
                .put("value", agreed.value());
        return payload;
    }

    private static ObjectNode typed(String service, int number, int nth) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("command", "/steward")
                .put("text", "restart prod/" + service)
                .put("user_id", "U" + number)
                .put("user_name", "alex")
                .put("trigger_id", number + "." + nth);
    }

    @Test
    void eachClickThatWasTakenIsDoneOnce() throws Exception {
        Runtime.getRuntime().addShutdownHook(undertaker);
        Files.createDirectories(folder.resolve("routes"));
        for (int replica = 0; replica < REPLICAS; replica++) {
            Files.deleteIfExists(folder.resolve("replica-" + replica + ".log"));
        }
        Files.writeString(folder.resolve("routes/restart.camel.yaml"), ROUTE);
        elasticMq = new SqsProcess(folder.resolve("elasticmq.log"));
        Sqs sqs = new Sqs(elasticMq.endpoint());
        String dead = sqs.createQueue("dead");
        String queue = sqs.createQueue("events", VISIBILITY, 50, dead);
        ecs.addCluster("prod", 1);
        for (int number = 0; number < CLICKS; number++) {
            ecs.addService("prod", "s" + number);
        }
        Map<String, String> environment = environment(sqs, queue, dead);
        for (int replica = 0; replica < REPLICAS; replica++) {
            start(replica, environment);
        }
        for (int kills = 0; kills < KILLS; kills++) {
            slack.socket.awaitConnections(REPLICAS);
            List<Future<?>> pressed = new ArrayList<>();
            for (int number = kills; number < CLICKS; number += KILLS) {
                int each = number;
                pressed.add(people.submit(() -> insist(each)));
            }
            pressed.get(random.nextInt(pressed.size() / 2)).get(5, TimeUnit.MINUTES);
            kill(environment);
            for (Future<?> each : pressed) {
                each.get(5, TimeUnit.MINUTES);
            }
        }
        sqs.awaitEmpty(queue, Duration.ofMinutes(3));

        Map<String, Long> updates = ecs.calls(FakeEcs.UPDATE_SERVICE).stream()
                .collect(Collectors.groupingBy(
                        call -> call.request().path("service").asText().replaceFirst(".*/", ""),
                        Collectors.counting()));
        long again = clicks.values().stream().filter(times -> times.get() > 1).count();
        System.out.printf(
                "clicks: %d of %d people clicked again, %d envelopes acknowledged, %d services changed by %d calls, %d "
                        + "kills, %d connections%n",
                again,
                CLICKS,
                slack.socket.acknowledged().size(),
                updates.size(),
                updates.values().stream().mapToLong(Long::longValue).sum(),
                KILLS,
                slack.socket.opened());
        assertThat(updates.keySet()).as("services that were changed").hasSize(CLICKS);
        assertThat(updates)
                .allSatisfy((service, times) -> assertThat(times)
                        .as(service)
                        .isLessThanOrEqualTo(clicks.get(service).get()));
        assertThat(sqs.receiveAll(dead)).as("dead letters").isEmpty();
    }

    private Map<String, String> environment(Sqs sqs, String queue, String dead) {
        return Map.ofEntries(
                Map.entry("AWS_REGION", "eu-west-1"),
                Map.entry("AWS_ACCESS_KEY_ID", "test"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "test"),
                Map.entry("AWS_EC2_METADATA_DISABLED", "true"),
                Map.entry("AWS_ENDPOINT_URL_SQS", sqs.endpoint().toString()),
                Map.entry("AWS_ENDPOINT_URL_DYNAMODB", dynamo.local().toString()),
                Map.entry("AWS_ENDPOINT_URL_ECS", ecs.endpoint().toString()),
                Map.entry("STEWARD_EVENTS_QUEUE_URL", queue),
                Map.entry("STEWARD_DEAD_LETTER_QUEUE_URL", dead),
                Map.entry("STEWARD_EVENTS_VISIBILITY_TIMEOUT", Integer.toString(VISIBILITY)),
                Map.entry("STEWARD_EVENTS_REDELIVERY", "1"),
                Map.entry("STEWARD_CLAIMS", "dynamodb:" + dynamo.createTable()),
                Map.entry("STEWARD_MANAGEMENT_PORT", "0"),
                Map.entry("STEWARD_SLACK_API_URL", slack.apiUrl()),
                Map.entry("STEWARD_SLACK_CHANNEL", "#ops"),
                Map.entry("STEWARD_SLACK_TOKEN_SECRET", "xoxb-clicks"),
                Map.entry("STEWARD_SLACK_OPERATORS", OPERATOR),
                Map.entry("STEWARD_SLACK_APP_TOKEN_SECRET", FakeSocketMode.TOKEN),
                Map.entry(
                        "STEWARD_ROUTES",
                        "classpath:routes/*.camel.yaml,file:" + folder.toAbsolutePath() + "/routes/*.camel.yaml"),
                // ElasticMQ hands messages to the polls of a process that died until they would have ended.
                Map.entry(
                        Settings.OPTIONS.variable(),
                        Settings.of(Map.of(), Map.of())
                                .get(Settings.OPTIONS)
                                .replace("waitTimeSeconds=20", "waitTimeSeconds=1")));
    }

    /** Kills one of those that are connected with SIGKILL, and starts it again. */
    private void kill(Map<String, String> environment) throws InterruptedException {
        int replica = random.nextInt(REPLICAS);
        assertThat(replicas[replica].isAlive()).as("replica " + replica).isTrue();
        replicas[replica].destroyForcibly().waitFor();
        start(replica, environment);
    }
}
