package io.ecssteward.testing;

import io.ecssteward.check.SettingsCheck;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.cli.Main;
import io.ecssteward.ecs.RateLimitedEcsClient;
import io.ecssteward.event.Event;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.OutcomeListener;
import io.ecssteward.runtime.Application;
import io.ecssteward.runtime.AwsClients;
import io.ecssteward.runtime.Traces;
import io.ecssteward.settings.Settings;
import io.ecssteward.slack.SlackPacer;
import io.ecssteward.sqs.BatchingSqsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.awaitility.Awaitility;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The whole steward inside a test: the built-in routes between a queue in ElasticMQ, a fake ECS, a fake Slack and a
 * fake SNS, all of them over HTTP. Waits are short: a failed message is delivered again at once, a failed call is tried
 * again after ten milliseconds, and Slack is posted to as fast as it takes.
 *
 * <pre>
 * try (RunningSteward steward = RunningSteward.with("steward.agent.grace-period", "1").start()) {
 *     steward.ecs.addCluster("prod", 3).addService("prod", "web");
 *     steward.sendSample("task-spot-interrupted");
 *     steward.awaitDone();
 *     assertThat(steward.ecs.calls(FakeEcs.UPDATE_SERVICE)).hasSize(1);
 * }
 * </pre>
 */
public final class RunningSteward implements AutoCloseable {

    /** Long enough for a slow machine; a test that passes never waits for it. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The webhook that is set when a test sets nothing else, by its name at {@link FakeSlack#webhook}. */
    public static final String WEBHOOK = "ops";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public final Sqs sqs;

    /** What the steward asked of SQS. */
    public final RequestLog sqsRequests = new RequestLog();

    /**
     * The time of ECS: before every sample, so that no deployment is younger than an event unless a test makes it so.
     */
    public final ManualClock clock = ManualClock.at("2026-11-01T00:00:00Z");

    public final FakeEcs ecs;
    public final FakeSlack slack;
    public final FakeSns sns;
    public final String deadLetters;
    public final String queue;

    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> traces = new HashMap<>();
    private final Map<String, Object> beans = new HashMap<>();
    private final List<Over> over = new CopyOnWriteArrayList<>();
    private final SlackPacer pacer = new SlackPacer();
    private final boolean replica;
    private FaultySqs faults;
    private String alertsQueue;
    private String urgentQueue;
    private Dynamo dynamo;
    private DynamoDbClient dynamoClient;
    private Application steward;

    /**
     * What became of an event.
     *
     * @param failure null when it could be done
     */
    public record Over(Event event, EventOutcome eventOutcome, Exception failure) {
        /** The words for what was not done. */
        public List<String> skipped() {
            return eventOutcome.skipped().stream().map(n -> n.reason().word()).toList();
        }
    }

    private RunningSteward(int maxReceiveCount) {
        replica = false;
        sqs = new Sqs();
        ecs = new FakeEcs(clock);
        slack = new FakeSlack();
        sns = new FakeSns();
        deadLetters = sqs.createQueue("dead");
        queue = sqs.createQueue("events", 10, maxReceiveCount, deadLetters);
        settings.put(Settings.QUEUE.name(), queue);
        settings.put(Settings.DEAD_LETTERS.name(), deadLetters);
        settings.put(Settings.WEBHOOK.name(), slack.webhook(WEBHOOK));
        settings.put(Settings.API.name(), slack.apiUrl());
        settings.put("steward.events.visibility-timeout", "10");
        settings.put("steward.retry.delay", "10");
        settings.put("steward.shutdown-timeout", "5");
        settings.put(Settings.INTERVAL.name(), "0");
        settings.put(Settings.PORT.name(), "0");
    }

    private RunningSteward(RunningSteward first) {
        replica = true;
        sqs = first.sqs;
        ecs = first.ecs;
        slack = first.slack;
        sns = first.sns;
        deadLetters = first.deadLetters;
        queue = first.queue;
        dynamo = first.dynamo;
        alertsQueue = first.alertsQueue;
        urgentQueue = first.urgentQueue;
        settings.putAll(first.settings);
        traces.putAll(first.traces);
        beans.putAll(first.beans);
    }

    /**
     * Another with the same settings, queue and fakes, as a second replica would have; not started yet. Close it first.
     */
    public RunningSteward replica() {
        return new RunningSteward(this);
    }

    /** The same, with its claims in a table of DynamoDB. */
    public RunningSteward claimingIn(Dynamo tables, String table) {
        dynamo = tables;
        return with(Settings.CLAIMS, "dynamodb:" + table);
    }

    /** One whose queue delivers a message as often as it takes, not started yet. */
    public static RunningSteward create() {
        return new RunningSteward(1_000);
    }

    /** One whose queue moves a message to the dead-letter queue after so many deliveries. */
    public static RunningSteward deliveringAtMost(int times) {
        return new RunningSteward(times);
    }

    /** The same with settings, names and values in turn. An empty value unsets one. */
    public RunningSteward with(Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
        return this;
    }

    /** The same with a bean, in place of one of this name. */
    public RunningSteward binding(String name, Object bean) {
        beans.put(name, bean);
        return this;
    }

    /** The same, posting to {@code #ops} with a token instead of the webhook. */
    public RunningSteward postingWithAToken() {
        return with(Settings.WEBHOOK, "", Settings.TOKEN, "xoxb-test", Settings.CHANNEL, "#ops");
    }

    /** The same, posting to each channel once in this interval. */
    public RunningSteward postingEvery(Duration interval) {
        pacer.setInterval(interval);
        return with(Settings.INTERVAL, Long.toString(interval.toMillis()));
    }

    /** The same, letting so many alerts wait for a channel in memory. */
    public RunningSteward waitingAtMost(int most) {
        pacer.setMaxWaiting(most);
        return this;
    }

    /** The same with health and metrics, on a port that nobody has. */
    public RunningSteward observed() {
        try (ServerSocket any = new ServerSocket(0)) {
            return with(Settings.PORT, Integer.toString(any.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with variables of OpenTelemetry, names and values in turn; those of this process do not count. */
    public RunningSteward tracing(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        traces.putAll(Traces.settings(environment, Map.of()));
        return this;
    }

    /** The same, calling SQS through these, which stay the caller's to close. */
    public RunningSteward through(FaultySqs faults) {
        this.faults = faults;
        return this;
    }

    /** What the management port answers: {@code health/ready}, {@code metrics}. */
    public HttpResponse<String> observe(String what) {
        return observe(Integer.parseInt(settings.get(Settings.PORT.name())), what);
    }

    /** What the management port of any steward on this machine answers. */
    public static HttpResponse<String> observe(int port, String what) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/observe/" + what))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts it; the settings must have no problem. */
    public RunningSteward start() {
        // The routes of before an edit are stopped when their last poll has ended.
        String options = Settings.of(Map.of(), Map.of())
                .get(Settings.OPTIONS)
                .replace("waitTimeSeconds=20", "waitTimeSeconds=1")
                .replace("backoffMultiplier=10", "backoffMultiplier=1");
        settings.putIfAbsent(Settings.OPTIONS.name(), options);
        Settings all = Settings.of(Map.of(), settings);
        List<String> problems = SettingsCheck.problems(all, true);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        BatchingSqsClient queues = faults == null
                ? new BatchingSqsClient(Sqs.newClient(sqsRequests), Sqs.newPollingClient(sqsRequests))
                : new BatchingSqsClient(faults.client(), faults.client());
        dynamoClient = dynamo == null ? null : AwsClients.dynamo(dynamo.builder(), 20);
        steward = new Application(
                // At once, which no operator may set: it would be tried again and again.
                all.with(Settings.REDELIVERY, "0"),
                limited(ecs.client()),
                queues,
                sns.client(),
                dynamoClient,
                pacer,
                main -> {
                    main.bind("over", (OutcomeListener)
                            (event, eventOutcome, failure) -> over.add(new Over(event, eventOutcome, failure)));
                    Traces.open(main, traces);
                    beans.forEach(main::bind);
                });
        try {
            steward.start();
        } catch (Exception e) {
            throw new IllegalStateException(Main.describe(e), e);
        }
        return this;
    }

    /** Keeps to the rates of ECS, with a clock that jumps to the end of each wait. */
    private static EcsClient limited(EcsClient ecs) {
        AtomicLong skipped = new AtomicLong();
        return new RateLimitedEcsClient(ecs, () -> System.nanoTime() + skipped.get(), skipped::addAndGet);
    }

    /** Ends it as SIGTERM would, and keeps the fakes. */
    public void stop() {
        if (steward != null) {
            steward.close();
            steward = null;
        }
        if (dynamoClient != null) {
            dynamoClient.close();
            dynamoClient = null;
        }
    }

    public CamelContext camel() {
        return steward.camel();
    }

    /**
     * How many generations of routes are at work: one, unless the routes were edited and the earlier ones have not
     * finished.
     */
    public int routeSets() {
        return steward.routeSets();
    }

    /** Forgets every claim and version, as a new process would. */
    public void forgetClaims() {
        camel().getRegistry().findSingleByType(MemoryClaimStore.class).clear();
        camel().getRegistry().findSingleByType(LatestVersions.class).clear();
    }

    /** Ends a claim's cool-down. */
    public void endCoolDown(String key) {
        camel().getRegistry().findSingleByType(MemoryClaimStore.class).forget(key);
    }

    /** Whether a claim's cool-down is over. */
    public boolean claimable(String key) {
        return !camel().getRegistry().findSingleByType(MemoryClaimStore.class).recorded(key);
    }

    /** The text of one of the samples, by its name with or without an ending. */
    public static String sample(String name) {
        Path file = Path.of("samples", name.contains(".") ? name : name + ".json");
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with a FIFO queue between alerts and Slack; returns its URL from {@link #alertsQueue}. */
    public RunningSteward queueingAlerts() {
        alertsQueue = sqs.createFifo("alerts", 10, 1_000, sqs.createFifo("alerts-dead"));
        return with(Settings.ALERTS, alertsQueue);
    }

    /** The same with a second events queue. */
    public RunningSteward withUrgentQueue() {
        urgentQueue = sqs.createQueue("urgent", 10, 1_000, deadLetters);
        return with(Settings.URGENT, urgentQueue);
    }

    /** The FIFO queue of the alerts; null when they wait in memory. */
    public String alertsQueue() {
        return alertsQueue;
    }

    /** The queue of what cannot wait; null when there is none. */
    public String urgentQueue() {
        return urgentQueue;
    }

    /** Sends a message to the queue. */
    public String send(String body) {
        return sqs.send(queue, body);
    }

    /** Sends one of the samples to the queue. */
    public String sendSample(String name) {
        return send(sample(name));
    }

    /** Waits until the queues hold nothing at all: neither visible, nor in flight, nor delayed. */
    public void awaitDone() {
        Stream.of(urgentQueue, queue, alertsQueue).filter(Objects::nonNull).forEach(q -> sqs.awaitEmpty(q, PATIENCE));
    }

    /** Waits for something else. */
    public static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition::getAsBoolean);
    }

    /** What became of each event, in the order in which they ended. */
    public List<Over> over() {
        return over;
    }

    /** The calls to UpdateService so far. */
    public List<FakeEcs.Call> updates() {
        return ecs.calls(FakeEcs.UPDATE_SERVICE);
    }

    /** What is in the dead-letter queue; taking it out. */
    public List<Message> deadLetters() {
        return sqs.receiveAll(deadLetters);
    }

    /** The only message in the dead-letter queue's reason. */
    public String onlyReason() {
        List<Message> dead = deadLetters();
        if (dead.size() != 1) {
            throw new AssertionError(dead.size() + " messages in the dead-letter queue: " + dead);
        }
        return dead.get(0).messageAttributes().get("reason").stringValue();
    }

    /** Ends it without waiting for answers that the fakes still owe. */
    @Override
    public void close() {
        if (replica) {
            stop();
            return;
        }
        ecs.close();
        slack.close();
        sns.close();
        stop();
        sqs.close();
    }
}
