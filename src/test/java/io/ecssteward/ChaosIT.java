package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import io.ecssteward.claim.DynamoClaimStore;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.Jvm;
import io.ecssteward.testing.Sqs;
import io.ecssteward.testing.SqsProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Three replicas of the packaged jar, of which one is killed every few seconds, and an ECS and a Slack that fail:
 * nothing is lost, and nothing done twice, but for what Slack took in the moment before a kill: what is posted twice
 * was first posted by a process that was killed over it. ElasticMQ and DynamoDB Local are processes of their own.
 *
 * <p>{@code -Dchaos.events=20000} makes it longer, {@code -Dchaos.seed=1} other events and faults, and
 * {@code -Dchaos.kill-every=3} (seconds) kills more. What it leaves in {@code target/chaos} tells what happened.
 */
class ChaosIT {

    /** Whether it is also done with alerts that wait in a FIFO queue. */
    private static final boolean ALERTS_QUEUE = true;

    private static final int EVENTS = Integer.getInteger("chaos.events", 1_000);
    private static final long SEED = Long.getLong("chaos.seed", 20261121);
    private static final int KILL_EVERY = Integer.getInteger("chaos.kill-every", 5);
    private static final int REPLICAS = 3;

    /**
     * A message that is received again and again comes later each time, so a kill a second would never come to an end.
     */
    private static final int EVENTS_A_KILL = 125;

    private static final double FAULTS = 0.05;
    private static final int VISIBILITY = 10;

    /** For a machine that has much else to do: a message that was received six times comes back after a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** What the steward waits for an answer of ECS or Slack, and a second. */
    private static final Duration SILENCE = Duration.ofSeconds(11);

    /** A shell's word for a process that SIGKILL ended: 128 + 9. */
    private static final int KILLED = 137;

    /** As many as the replicas work off in a second or two: more would only make the kills come before the work. */
    private static final int MAX_WAITING = 600;

    private static final int CHUNK = 100;

    private static final String MARK = "-- killed";
    private static final Path JAR = Path.of("target/ecs-steward.jar");

    private final Path folder = Path.of("target/chaos");
    private final Random random = new Random(SEED);
    private final ChaosEvents events = new ChaosEvents(SEED, EVENTS);
    private final FakeEcs ecs = new FakeEcs();
    private final FakeSlack slack = new FakeSlack();
    private final Map<String, FakeService> agentServices = new TreeMap<>();
    private final Map<String, Integer> instances = new TreeMap<>();
    private final Process[] replicas = new Process[REPLICAS];
    private final String[] tokens = new String[REPLICAS];
    /** When a replica was killed, by its token of that life. */
    private final Map<String, Long> killed = new ConcurrentHashMap<>();

    private final Long[] atWork = new Long[REPLICAS];
    private final Thread undertaker = new Thread(this::endReplicas);
    private final ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
    private Map<String, String> environment;
    private SqsProcess elasticMq;
    private Sqs sqs;
    private Dynamo dynamo;
    private String dead;
    private String queue;
    /** Null when alerts wait in memory. */
    private String alerts;

    private String deadAlerts;
    private DynamoClaimStore claims;
    private volatile int kills;
    private long lastKill = System.nanoTime();
    private volatile String killFailure;

    @BeforeEach
    void prepare() throws IOException {
        Runtime.getRuntime().addShutdownHook(undertaker);
        Files.createDirectories(folder);
        try (Stream<Path> old = Files.list(folder)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        elasticMq = new SqsProcess(folder.resolve("elasticmq.log"));
        sqs = new Sqs(elasticMq.endpoint());
        dynamo = new Dynamo();
        dead = sqs.createQueue("dead");
        queue = sqs.createQueue("events", VISIBILITY, 50, dead);
        String table = dynamo.createTable();
        claims = new DynamoClaimStore(dynamo.client(), table, Duration.ofSeconds(VISIBILITY / 2), Clock.systemUTC());
        for (String cluster : ChaosEvents.clusters()) {
            ecs.addCluster(cluster, 1);
            agentServices.put(cluster, ecs.addService(cluster, ChaosEvents.AGENT_SERVICE));
        }
        events.interrupted()
                .forEach(name ->
                        ecs.addService(name.substring(0, name.indexOf('/')), name.substring(name.indexOf('/') + 1)));
        events.instances()
                .forEach((name, connected) -> ecs.addContainerInstance(
                        name.substring(0, name.indexOf('/')),
                        name.substring(name.indexOf('/') + 1),
                        connected,
                        "ACTIVE",
                        9));
        environment = new HashMap<>(Map.of(
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_ENDPOINT_URL_SQS", sqs.endpoint().toString(),
                "AWS_ENDPOINT_URL_DYNAMODB", dynamo.local().toString(),
                "AWS_ENDPOINT_URL_ECS", ecs.endpoint().toString()));
        environment.putAll(Map.of(
                "STEWARD_EVENTS_QUEUE_URL",
                queue,
                "STEWARD_DEAD_LETTER_QUEUE_URL",
                dead,
                "STEWARD_EVENTS_VISIBILITY_TIMEOUT",
                Integer.toString(VISIBILITY),
                "STEWARD_EVENTS_REDELIVERY",
                "1",
                "STEWARD_RETRY_DELAY",
                "100",
                "STEWARD_CLAIMS",
                "dynamodb:" + table));
        environment.putAll(Map.of(
                "STEWARD_SLACK_API_URL", slack.apiUrl(),
                "STEWARD_SLACK_CHANNEL", "#ops",
                "STEWARD_SLACK_CHANNELS", ChaosEvents.channelRules(),
                "STEWARD_ONE_PER_INSTANCE_SERVICES", ChaosEvents.AGENT_SERVICE,
                "STEWARD_ONE_PER_INSTANCE_WINDOW", "3",
                "STEWARD_AGENT_GRACE_PERIOD", "3",
                "STEWARD_REDEPLOY_COOL_DOWN", "1h"));
        // Four times as fast as Slack takes messages, so that it is over before long; what is counted stays the same.
        environment.putAll(Map.of("STEWARD_SLACK_INTERVAL", "250", "STEWARD_INCIDENTS_SWEEP", "2500"));
        // ElasticMQ does not notice that a process died, and hands messages to its polls until they would have ended.
        environment.put(
                Settings.OPTIONS.variable(),
                Settings.of(Map.of(), Map.of())
                        .get(Settings.OPTIONS)
                        .replace("waitTimeSeconds=20", "waitTimeSeconds=1"));
    }

    @AfterEach
    void close() {
        killer.shutdownNow();
        endReplicas();
        Runtime.getRuntime().removeShutdownHook(undertaker);
        ecs.close();
        slack.close();
        if (dynamo != null) {
            dynamo.close();
        }
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

    private Path log(int replica) {
        return folder.resolve("replica-" + replica + ".log");
    }

    private void start(int replica) {
        ProcessBuilder builder = new ProcessBuilder(Jvm.command("-Xmx256m", "-jar", JAR.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(replica).toFile()));
        builder.environment().keySet().removeIf(n -> n.startsWith("STEWARD_") || n.startsWith("AWS_"));
        builder.environment().putAll(environment);
        // So that Slack knows who posted, and in which life.
        tokens[replica] = "xoxb-chaos-" + replica + "-" + kills;
        builder.environment().put("STEWARD_SLACK_TOKEN_SECRET", tokens[replica]);
        builder.environment().put("STEWARD_MANAGEMENT_PORT", "0");
        try {
            replicas[replica] = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * When a replica began to read the queue, by {@link System#nanoTime()}; null when it has not yet, since it was
     * started last.
     */
    private Long atWorkSince(int replica) {
        if (atWork[replica] == null) {
            try {
                String said = Files.readString(log(replica));
                if (said.indexOf(" started in ", Math.max(0, said.lastIndexOf(MARK))) > 0) {
                    atWork[replica] = System.nanoTime();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return atWork[replica];
    }

    /**
     * Kills a replica with SIGKILL, and starts it again at once: one that has been at work for a while, as on a slow
     * machine nothing would ever be done otherwise.
     */
    private void kill() {
        try {
            long now = System.nanoTime();
            List<Integer> busy = IntStream.range(0, REPLICAS)
                    .filter(r -> atWorkSince(r) != null && now - atWork[r] >= TimeUnit.SECONDS.toNanos(KILL_EVERY))
                    .boxed()
                    .toList();
            if (busy.isEmpty()
                    || now - lastKill < TimeUnit.SECONDS.toNanos(KILL_EVERY)
                    || kills >= EVENTS / EVENTS_A_KILL) {
                return;
            }
            int replica = busy.get(random.nextInt(busy.size()));
            if (!replicas[replica].isAlive()) {
                throw new IllegalStateException("replica " + replica + " had ended by itself; see " + log(replica));
            }
            int exit = replicas[replica].destroyForcibly().waitFor();
            if (exit != KILLED) {
                throw new IllegalStateException("replica " + replica + " ended with " + exit);
            }
            kills++;
            killed.put(tokens[replica], System.nanoTime());
            lastKill = now;
            atWork[replica] = null;
            Files.writeString(log(replica), MARK + " at " + Instant.now() + "\n", StandardOpenOption.APPEND);
            start(replica);
        } catch (Exception e) {
            killFailure = e.toString();
        }
    }

    @Test
    void nothingIsLostAndNothingDoneTwice() throws Exception {
        run();
    }

    @Test
    @EnabledIf("alertsQueue")
    void nothingIsLostAndNothingDoneTwiceWithAnAlertsQueue() throws Exception {
        deadAlerts = sqs.createFifo("alerts-dead");
        alerts = sqs.createFifo("alerts", VISIBILITY, 50, deadAlerts);
        environment.put("STEWARD_ALERTS_QUEUE_URL", alerts);
        run();
    }

    static boolean alertsQueue() {
        return ALERTS_QUEUE;
    }

    private void run() throws Exception {
        ecs.disturb(SEED, FAULTS, SILENCE, 3, FakeEcs.SERVER_ERROR, FakeEcs.THROTTLED);
        // A message that Slack took and did not answer is posted again, as it must be: that has no place among these.
        slack.disturb(
                SEED,
                FAULTS,
                3,
                Answer.of(500, "oops"),
                Answer.of(503, "oops"),
                Answer.error("internal_error"),
                Answer.HANG_UP,
                Answer.tooFast(1));
        long began = System.nanoTime();
        for (int replica = 0; replica < REPLICAS; replica++) {
            start(replica);
        }
        ScheduledFuture<?> killing = killer.scheduleWithFixedDelay(this::kill, 200, 200, TimeUnit.MILLISECONDS);
        for (ChaosEvents.Round round : events.rounds()) {
            send(round);
        }
        killing.cancel(false);
        killer.shutdown();
        killer.awaitTermination(10, TimeUnit.SECONDS);
        double sent = (System.nanoTime() - began) / 1e9;
        boolean over = await(PATIENCE, () -> left() == 0);
        double seconds = (System.nanoTime() - began) / 1e9;
        report(sent, seconds);

        assertThat(killFailure).isNull();
        assertThat(replicas).allMatch(Process::isAlive);
        assertThat(over)
                .as("the queues are empty; there are left %s, and see %s", left(), folder)
                .isTrue();
        assertAll(this::checkEcs, this::checkSlack, this::checkDeadLetters);
    }

    private int left() {
        return sqs.counts(queue).total()
                + (alerts == null ? 0 : sqs.counts(alerts).total());
    }

    private static boolean await(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends as fast as it is worked off, and the end of an alarm when its beginning was dealt with. */
    private void send(ChaosEvents.Round round) {
        List<ChaosEvents.AlarmsEnd> ends = new ArrayList<>(round.ends());
        List<ChaosEvents.Sent> messages = round.messages();
        for (int from = 0; from < messages.size(); from += CHUNK) {
            List<ChaosEvents.Sent> chunk = messages.subList(from, Math.min(messages.size(), from + CHUNK));
            assertThat(await(PATIENCE, () -> sqs.counts(queue).visible() < MAX_WAITING))
                    .as("%s goes down; see %s", queue, folder)
                    .isTrue();
            sendNow(chunk);
            sendEnds(ends);
        }
        assertThat(await(PATIENCE, () -> {
                    sendEnds(ends);
                    return ends.isEmpty();
                }))
                .as("%d alarms were not dealt with: %s; see %s", ends.size(), ends, folder)
                .isTrue();
    }

    private void sendEnds(List<ChaosEvents.AlarmsEnd> ends) {
        List<ChaosEvents.Sent> due = new ArrayList<>();
        ends.removeIf(end -> {
            boolean begun = claims.recorded(end.begun());
            if (begun) {
                due.addAll(end.messages());
            }
            return begun;
        });
        sendNow(due);
    }

    private void sendNow(List<ChaosEvents.Sent> messages) {
        for (ChaosEvents.Sent message : messages) {
            if (message.cluster() != null) {
                instances.put(message.cluster(), message.instances());
                ecs.setInstances(message.cluster(), message.instances());
            }
        }
        sqs.sendAll(queue, messages.stream().map(ChaosEvents.Sent::body).toList());
    }

    private void report(double sent, double seconds) throws IOException {
        System.out.printf(
                "chaos of seed %d%s: %d events in %d messages, %d kills, %.0f s of which sending took %.0f s, %.0f "
                        + "messages/s%n",
                SEED,
                alerts == null ? "" : " with an alerts queue",
                events.count(),
                events.messages(),
                kills,
                seconds,
                sent,
                events.messages() / seconds);
        System.out.printf(
                "  ECS: %d calls, %s; Slack: %d posts, %d taken, %s%n",
                ecs.calls().size(),
                ecs.disturbed(),
                slack.posts().size(),
                slack.taken().size(),
                slack.disturbed());
        Files.write(
                folder.resolve("slack-taken.jsonl"),
                slack.taken().stream().map(p -> p.bearer() + " " + p.body()).toList());
        Files.write(
                folder.resolve("ecs-calls.jsonl"),
                ecs.calls().stream()
                        .map(c -> c.time() + " " + c.operation() + " " + c.request())
                        .toList());
    }

    private void checkEcs() {
        Map<String, Long> redeployed = ecs.done(FakeEcs.UPDATE_SERVICE).stream()
                .filter(c -> c.request().path("forceNewDeployment").asBoolean())
                .collect(Collectors.groupingBy(
                        c -> c.request().path("cluster").asText() + "/"
                                + c.request().path("service").asText(),
                        TreeMap::new,
                        Collectors.counting()));
        assertThat(redeployed.keySet()).as("redeployed").containsExactlyInAnyOrderElementsOf(events.interrupted());
        assertThat(redeployed)
                .as("redeployed, and how often")
                .allSatisfy((service, times) -> assertThat(times).isEqualTo(1));
        agentServices.forEach((cluster, service) -> assertThat(service.desiredCount())
                .as("one task on each instance of %s", cluster)
                .isEqualTo(Math.max(known(cluster), instances.getOrDefault(cluster, 1))));
    }

    /** How many instances of a cluster ECS knows by name: it lists them whatever the events have told it to count. */
    private int known(String cluster) {
        return (int) events.instances().keySet().stream()
                .filter(name -> name.startsWith(cluster + "/"))
                .count();
    }

    /** Alerts that nobody sees in Slack, and what ended and is not green. */
    private record Unseen(Set<String> missing, Set<String> open) {
        boolean nothing() {
            return missing.isEmpty() && open.isEmpty();
        }
    }

    private Unseen unseen() {
        List<FakeSlack.Post> taken = slack.taken();
        Map<String, List<FakeSlack.Message>> seen = new HashMap<>();
        Unseen unseen = new Unseen(new TreeSet<>(), new TreeSet<>());
        for (ChaosEvents.Expected alert : events.alerts().values()) {
            // What ends something is told by the message of what it ends.
            String title = alert.after() == null ? alert.title() : alert.after();
            List<FakeSlack.Message> about = seen.computeIfAbsent(alert.channel(), slack::channel).stream()
                    .filter(message ->
                            message.says(title) || message.replies().stream().anyMatch(reply -> reply.says(title)))
                    .toList();
            boolean told = taken.stream().anyMatch(post -> post.says(title));
            if (alert.after() != null
                    && told
                    && about.stream().noneMatch(message -> message.says("[RESOLVED]") || message.says("resolved"))) {
                unseen.open().add(title + " in " + alert.channel());
            }
            // What began and ended before Slack could be told is told as well, once and as resolved.
            if (about.isEmpty() && !told) {
                unseen.missing().add(title + " in " + alert.channel());
            }
        }
        return unseen;
    }

    /** What people see at the end, and which messages were posted a second time. */
    private void checkSlack() {
        // What was put off is shown when it is due, and edits are 0.3 seconds apart.
        await(Duration.ofMinutes(2), () -> unseen().nothing());
        Set<String> missing = unseen().missing();
        Set<String> open = unseen().open();
        List<FakeSlack.Post> taken = slack.taken();
        Map<String, Long> messages = taken.stream()
                .map(post -> post.body().path("metadata"))
                .filter(metadata -> metadata.path("event_type").asText().equals("ecs_steward_incident"))
                .map(metadata -> metadata.path("event_payload"))
                .filter(incident -> incident.has("incident"))
                .collect(Collectors.groupingBy(
                        incident -> incident.path("incident").asText() + " "
                                + incident.path("attempt").asText(),
                        Collectors.counting()));
        List<String> twice = messages.entrySet().stream()
                .filter(message -> message.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
        System.out.printf(
                "  Slack: %d alerts expected, %d missing, %d not green; %d messages of "
                        + "incidents, %d of them twice, %d edits, for %d kills%n",
                events.alerts().size(),
                missing.size(),
                open.size(),
                messages.size(),
                twice.size(),
                slack.edits().size(),
                kills);
        twice.forEach(message -> System.out.println("    twice: " + message));
        keepStore();

        assertThat(missing)
                .as("alerts that nobody sees in Slack; see %s", folder)
                .isEmpty();
        assertThat(open).as("what ended, and is not green; see %s", folder).isEmpty();
        assertThat(taken)
                .as("alerts about agents that were back")
                .noneMatch(post -> events.never().stream().anyMatch(post::says));
        assertThat(twice)
                .as(
                        "messages of an incident that were posted twice, though Slack's history says what was; see %s",
                        folder)
                .isEmpty();
    }

    /** What the store says of incidents, for whoever looks into a failure. */
    private void keepStore() {
        List<String> documents = new ArrayList<>();
        claims.list("incident").forEach((key, document) -> documents.add(key + " " + document.text()));
        try {
            Files.write(folder.resolve("incidents.txt"), documents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkDeadLetters() {
        List<Message> letters = sqs.receiveAll(dead);
        Set<String> bodies = letters.stream().map(Message::body).collect(Collectors.toSet());
        long expected = events.rounds().stream()
                .flatMap(r -> r.messages().stream())
                .filter(m -> events.malformed().contains(m.body()))
                .count();
        System.out.printf(
                "  dead-letter queue: %d messages for %d malformed ones and their copies%n", letters.size(), expected);
        assertThat(bodies).as("dead letters").containsExactlyInAnyOrderElementsOf(events.malformed());
        if (deadAlerts != null) {
            assertThat(sqs.receiveAll(deadAlerts))
                    .as("alerts that could not be posted")
                    .isEmpty();
        }
        assertThat(letters).hasSizeBetween((int) expected, (int) expected + kills);
    }
}
