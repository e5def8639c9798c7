package io.ecssteward.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.cli.Main;
import io.ecssteward.dispatch.EventComponent;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.incident.Incidents;
import io.ecssteward.runtime.Application;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.StepQueue.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.apache.camel.impl.engine.DefaultInflightRepository;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Two replicas of the whole steward that a test takes through a history step by step: the built-in routes, and around
 * them a queue whose time stands still until it is moved, the fake ECS over HTTP, and a Slack. One message is worked on
 * at a time, until it is done, or a call that it makes stalls; then others can overtake it. The same steps thus always
 * lead to the same end.
 *
 * <p>The second replica is for claims that are shared. With one replica the claims are in its memory, and a crash
 * forgets them.
 */
public final class SteppedSteward implements AutoCloseable {

    /** Of a message that is worked on by a replica that dies. */
    private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(60);
    /** Until the others notice that a replica is dead. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration COPY_RETURNS = Duration.ofSeconds(5);
    private static final Duration FAILED_RETURNS = Duration.ofSeconds(15);

    /** Fewer than the threads that make the calls. */
    private static final int MAX_STALLED = 3;

    public static final String SEND_MESSAGE = StepQueue.SEND_MESSAGE;
    public static final String POST = "Post";

    /** What happens to a call. */
    public enum Fault {
        NONE,
        /** Nothing is done. */
        THROTTLED,
        /** Nothing is done. */
        SERVER_ERROR,
        /** It is done, and the answer does not come. */
        ANSWER_LOST,
        /** It takes long, and is done in the end. */
        STALLED,
        /** It is done at once, and the answer takes long. */
        ANSWER_STALLED
    }

    /** A replica at work on a message. */
    private final class Delivery {
        final Replica replica;
        final Message message;
        final Deque<Fault> faults;
        final boolean deleted;
        boolean stalled;
        /**
         * Nobody else posts then: Slack's lane, or the message group of a queue of alerts, is its own until it is over.
         */
        boolean posting;

        boolean over;

        Delivery(Replica replica, Message message, Collection<Fault> faults, boolean deleted) {
            this.replica = replica;
            this.message = message;
            this.faults = new ArrayDeque<>(faults);
            this.deleted = deleted;
        }

        void end(Exception failure) {
            synchronized (lock) {
                over = true;
                if (failure == null) {
                    queue.handled(message);
                }
                if (failure == null && deleted) {
                    queue.delete(message);
                } else if (failure == null || replica.dead) {
                    queue.giveBack(message, VISIBILITY_TIMEOUT);
                } else {
                    failures++;
                    boolean held = failure.getClass().getSimpleName().equals("ClaimHeldException");
                    queue.giveBack(message, held ? COPY_RETURNS : FAILED_RETURNS);
                }
                lock.notifyAll();
            }
        }
    }

    private final class Replica {
        final LatestVersions versions = new LatestVersions();
        final ReplicaClaimStore store = new ReplicaClaimStore(claims, () -> this.dead);
        final Application steward;
        final ProducerTemplate template;
        boolean dead;

        Replica() {
            steward = new Application(
                    settings(),
                    new FaultyEcsClient(client, SteppedSteward.this::call),
                    queue.client(SteppedSteward.this::call),
                    new SnsClient() {
                        @Override
                        public String serviceName() {
                            return "sns";
                        }

                        @Override
                        public void close() {}
                    },
                    null,
                    main -> {
                        main.addMainListener(new MainListenerSupport() {
                            @Override
                            public void beforeConfigure(BaseMainSupport support) {
                                // Under the same name it would be another beside the first, and neither would be the
                                // only one.
                                support.getCamelContext().getRegistry().unbind("claimStore");
                                support.getCamelContext().getRegistry().bind("claimStore", store);
                                // Of two routes at the same time, neither would be known to have stalled.
                                support.getCamelContext()
                                        .getComponent("event", EventComponent.class)
                                        .setParallelProcessing(false);
                            }
                        });
                        main.bind("versions", versions);
                        main.bind("clock", clock);
                        // A house so full that copies wait in the queue, where time stands still, and not in memory,
                        // where it does not.
                        main.bind("inflight", new DefaultInflightRepository() {
                            @Override
                            public int size() {
                                return Integer.MAX_VALUE;
                            }
                        });
                    });
            try {
                steward.start();
            } catch (Exception e) {
                throw new IllegalStateException(Main.describe(e), e);
            }
            template = steward.camel().createProducerTemplate();
        }
    }

    public final ManualClock clock = ManualClock.at("2026-11-20T10:00:00Z");
    public final FakeEcs ecs = new FakeEcs(clock);

    private final Object lock = new Object();
    private final StepQueue queue = new StepQueue(clock);
    private final List<Delivery> stalled = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final List<String> posts = new ArrayList<>();
    private final MemoryClaimStore claims = new MemoryClaimStore(clock);
    private final EcsClient client = ecs.client();
    private final HttpServer slack;
    private final ExecutorService slackThreads = Executors.newCachedThreadPool();
    private final String[] moreSettings;
    private final List<Replica> replicas;

    private Set<String> disturbed = Set.of();
    private boolean shared;
    private Delivery running;
    private int failures;
    private int faults;
    private int answersLost;
    private int crashes;

    /** Starts both, with settings, names and values in turn. */
    public SteppedSteward(String... settings) {
        moreSettings = settings;
        try {
            slack = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("starting a Slack", e);
        }
        slack.createContext("/", this::post);
        slack.setExecutor(slackThreads);
        slack.start();
        replicas = List.of(new Replica(), new Replica());
    }

    private Settings settings() {
        Map<String, String> more = new HashMap<>();
        for (int i = 0; i < moreSettings.length; i += 2) {
            more.put(moreSettings[i], moreSettings[i + 1]);
        }
        return Settings.of(Map.of(), more)
                .with(Settings.FROM, "direct:events")
                .with(Settings.QUEUE, "https://sqs.invalid/events")
                .with(Settings.WEBHOOK, "http://127.0.0.1:" + slack.getAddress().getPort() + "/services/ops")
                .with(Settings.INTERVAL, "0")
                .with(Settings.INCIDENT_SWEEP, "0")
                .with(Settings.RETRY_DELAY, "1")
                .with(Settings.SHUTDOWN_TIMEOUT, "1");
    }

    /**
     * Begins a history: nothing is in the queue, and nothing was claimed or done.
     *
     * @param sharedClaims whether both replicas work, and share their claims
     * @param operations the calls that faults happen to
     */
    public void begin(boolean sharedClaims, Set<String> operations) {
        shared = sharedClaims;
        disturbed = operations;
        replicas.forEach(this::kill);
        queue.clear();
        claims.clear();
        ecs.clear();
        done.clear();
        posts.clear();
        failures = 0;
        faults = 0;
        answersLost = 0;
        crashes = 0;
    }

    /** Puts a message into the queue, to be seen after a while. */
    public void send(String body, Duration delay) {
        queue.send(body, delay);
    }

    /** Lets time go by. */
    public void pass(Duration time) {
        queue.pass(time);
    }

    /**
     * Has a replica work on one of the messages that can be seen, if there is one.
     *
     * @param which one of them, counted round and round
     * @param second whether by the second replica
     * @param faults what happens to its calls, one after the other
     * @param deleted whether the message is deleted when it was worked on
     */
    public void deliver(int which, boolean second, List<Fault> faults, boolean deleted) {
        List<Message> visible = queue.visible();
        if (visible.isEmpty()) {
            return;
        }
        Message message = visible.get(which % visible.size());
        Replica replica = replicas.get(second && shared ? 1 : 0);
        if (posting() != null) {
            return;
        }
        Delivery delivery = new Delivery(replica, message, faults, deleted);
        queue.receive(message);
        run(
                delivery,
                () -> replica.template
                        .asyncSend("direct:events", exchange -> {
                            exchange.getMessage()
                                    .setHeader(Sqs2Constants.MESSAGE_ID, "m" + System.identityHashCode(message));
                            exchange.getMessage().setBody(message.body);
                        })
                        .whenComplete((Exchange exchange, Throwable thrown) -> delivery.end(
                                thrown != null ? new IllegalStateException(thrown) : exchange.getException())));
    }

    /** When the next message can be received, if there is one. */
    public Optional<Instant> next() {
        return queue.next();
    }

    /** Has the replicas work, by turns, on everything that can be received now. */
    public void workOffVisible() {
        for (int i = 0; !queue.visible().isEmpty(); i++) {
            deliver(0, i % 2 == 1, List.of(), true);
        }
    }

    /** Has one of the calls that stall go on, if there is one. */
    public void proceed(int which) {
        if (!stalled.isEmpty()) {
            Delivery posting = posting();
            proceed(posting == null ? stalled.get(which % stalled.size()) : posting);
        }
    }

    private void proceed(Delivery delivery) {
        stalled.remove(delivery);
        run(delivery, () -> {
            synchronized (lock) {
                delivery.stalled = false;
                lock.notifyAll();
            }
        });
    }

    private Delivery posting() {
        return stalled.stream().filter(d -> d.posting).findFirst().orElse(null);
    }

    /** Kills a replica, which comes back at once: what it was at work on is never finished, and is delivered again. */
    public void crash(boolean second) {
        Replica replica = replicas.get(second && shared ? 1 : 0);
        crashes++;
        kill(replica);
        if (shared) {
            queue.after(LEASE, replica.store.takeLeases());
        } else {
            claims.clear();
        }
    }

    private void kill(Replica replica) {
        replica.dead = true;
        for (Delivery delivery :
                stalled.stream().filter(d -> d.replica == replica).toList()) {
            proceed(delivery);
        }
        replica.dead = false;
        replica.versions.clear();
    }

    /**
     * Nothing more goes wrong, and everything in the queue is worked off.
     *
     * @param stalledLast whether the calls that stall go on when nothing else is left to do, or else at once
     */
    public void settle(boolean stalledLast) {
        if (stalledLast) {
            workOff(30);
        }
        while (!stalled.isEmpty()) {
            proceed(0);
        }
        workOff(500);
        // Until what was put off is due, what came and went is calm, and a webhook's hour of silence about an agent is
        // over.
        for (int i = 0; i < 7; i++) {
            pass(Duration.ofMinutes(11));
            replicas.forEach(replica -> sweep(replica.steward));
            workOff(500);
        }
        if (!queue.bodies().isEmpty()) {
            throw new AssertionError("it never ends; still in the queue: " + queue.bodies());
        }
    }

    /** What the timer does, at its time. */
    private static void sweep(Application steward) {
        steward.camel()
                .getRegistry()
                .lookupByNameAndType("incidents", Incidents.class)
                .sweep()
                .toCompletableFuture()
                .orTimeout(RunningSteward.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private void workOff(int max) {
        for (int i = 0; i < max; i++) {
            Optional<Instant> next = queue.next();
            if (next.isEmpty()) {
                return;
            }
            if (next.get().isAfter(clock.instant())) {
                pass(Duration.between(clock.instant(), next.get()));
            }
            deliver(0, i % 2 == 1, List.of(), true);
        }
    }

    /** Works until the delivery is over or stalls. */
    private void run(Delivery delivery, Runnable begin) {
        synchronized (lock) {
            running = delivery;
        }
        begin.run();
        long deadline = System.nanoTime() + RunningSteward.PATIENCE.toNanos();
        synchronized (lock) {
            while (!delivery.over && !delivery.stalled) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("neither over nor stalled: " + delivery.message.body);
                }
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            if (delivery.stalled) {
                stalled.add(delivery);
            }
        }
    }

    /** One call to the world around us, with whatever is to happen to it. */
    private <T> T call(String operation, Supplier<T> call) {
        Delivery delivery = running;
        alive(delivery);
        Fault fault = disturbed.contains(operation) && !delivery.faults.isEmpty() ? delivery.faults.poll() : Fault.NONE;
        if (fault != Fault.NONE) {
            faults++;
        }
        switch (fault) {
            case THROTTLED -> throw error("ThrottlingException", 400);
            case SERVER_ERROR -> throw error("ServerException", 500);
            case STALLED -> stall(delivery, operation);
            default -> {}
        }
        T answer = call.get();
        // No two calls are made at one time.
        clock.advance(Duration.ofMillis(1));
        synchronized (lock) {
            done.add(operation);
        }
        switch (fault) {
            case ANSWER_LOST -> {
                answersLost++;
                throw SdkClientException.create("the answer is lost");
            }
            case ANSWER_STALLED -> stall(delivery, operation);
            default -> {}
        }
        return answer;
    }

    private static EcsException error(String code, int status) {
        AwsErrorDetails details =
                AwsErrorDetails.builder().errorCode(code).errorMessage("").build();
        return (EcsException) EcsException.builder()
                .awsErrorDetails(details)
                .statusCode(status)
                .message(code)
                .build();
    }

    private void stall(Delivery delivery, String operation) {
        synchronized (lock) {
            if (stalled.size() == MAX_STALLED) {
                return;
            }
            delivery.posting = operation.equals(POST);
            delivery.stalled = true;
            lock.notifyAll();
            while (delivery.stalled) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        alive(delivery);
    }

    private static void alive(Delivery delivery) {
        if (delivery.replica.dead) {
            throw new IllegalStateException("this replica is dead");
        }
    }

    private void post(HttpExchange http) throws IOException {
        try (http) {
            String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int status = 200;
            try {
                call(POST, () -> {
                    synchronized (lock) {
                        return posts.add(body);
                    }
                });
            } catch (EcsException e) {
                status = 500;
            } catch (RuntimeException e) {
                return;
            }
            http.sendResponseHeaders(status, 2);
            http.getResponseBody().write("ok".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** How often this was done, by whomever. */
    public int done(String operation) {
        return (int) done.stream().filter(operation::equals).count();
    }

    /** What Slack took, in order. */
    public List<String> posts() {
        return posts;
    }

    /** Whether a message with these words waits in the queue that nobody worked on with success. */
    public boolean waiting(String words) {
        return queue.waits(words);
    }

    /** How many calls were disturbed, deliveries failed, and replicas crashed. */
    public int disturbances() {
        return faults + failures + crashes;
    }

    public int crashes() {
        return crashes;
    }

    /** How often something was done and the answer did not come. */
    public int answersLost() {
        return answersLost;
    }

    @Override
    public void close() {
        replicas.forEach(this::kill);
        replicas.forEach(r -> r.steward.close());
        slack.stop(0);
        slackThreads.shutdownNow();
        ecs.close();
    }
}
