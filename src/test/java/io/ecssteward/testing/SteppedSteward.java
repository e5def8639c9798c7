package io.ecssteward.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.cli.Main;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.runtime.Application;
import io.ecssteward.settings.Settings;
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
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsServiceClientConfiguration;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * Two replicas of the whole steward that a test takes through a history step by step: the shipped routes, and around
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

    public static final String SEND_MESSAGE = "SendMessage";
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

    /** A message in the queue. */
    private static final class Message {
        final String body;
        Instant visible;
        boolean inFlight;
        boolean handled;

        Message(String body, Instant visible) {
            this.body = body;
            this.visible = visible;
        }
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
                message.inFlight = false;
                if (failure == null) {
                    message.handled = true;
                    if (deleted) {
                        queue.remove(message);
                    } else {
                        message.visible = clock.instant().plus(VISIBILITY_TIMEOUT);
                    }
                } else if (replica.dead) {
                    message.visible = clock.instant().plus(VISIBILITY_TIMEOUT);
                } else {
                    failures++;
                    boolean held = failure.getClass().getSimpleName().equals("ClaimHeldException");
                    message.visible = clock.instant().plus(held ? COPY_RETURNS : FAILED_RETURNS);
                }
                lock.notifyAll();
            }
        }
    }

    private final class Replica {
        final String name;
        final LatestVersions versions = new LatestVersions();
        final SharedStore store = new SharedStore(this);
        final Application steward;
        final ProducerTemplate template;
        boolean dead;

        Replica(String name) {
            this.name = name;
            steward = new Application(
                    settings(),
                    new Calls(this),
                    new Reminded(this),
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
                            }
                        });
                        main.bind("versions", versions);
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
    private final List<Message> queue = new ArrayList<>();
    private final List<Delivery> stalled = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final List<String> posts = new ArrayList<>();
    private final Map<Instant, List<Runnable>> later = new HashMap<>();
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
        replicas = List.of(new Replica("one"), new Replica("two"));
    }

    private Settings settings() {
        Settings settings = Settings.of(Map.of(), Map.of())
                .with(Settings.FROM, "direct:events")
                .with(Settings.QUEUE, "https://sqs.invalid/events")
                .with(Settings.WEBHOOK, "http://127.0.0.1:" + slack.getAddress().getPort() + "/services/ops")
                .with(Settings.INTERVAL, "0")
                .with("steward.retry.delay", "1")
                .with("steward.shutdown-timeout", "1");
        for (int i = 0; i < moreSettings.length; i += 2) {
            settings = settings.with(moreSettings[i], moreSettings[i + 1]);
        }
        return settings;
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
        later.clear();
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
        synchronized (lock) {
            queue.add(new Message(body, clock.instant().plus(delay)));
        }
    }

    /** Lets time go by. */
    public void pass(Duration time) {
        Instant until = clock.instant().plus(time);
        later.keySet().stream().filter(i -> !i.isAfter(until)).sorted().toList().forEach(instant -> {
            clock.set(instant);
            later.remove(instant).forEach(Runnable::run);
        });
        clock.set(until);
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
        List<Message> visible = queue.stream()
                .filter(m -> !m.inFlight && !m.visible.isAfter(clock.instant()))
                .toList();
        if (visible.isEmpty()) {
            return;
        }
        Message message = visible.get(which % visible.size());
        Replica replica = replicas.get(second && shared ? 1 : 0);
        if (posting() != null) {
            return;
        }
        Delivery delivery = new Delivery(replica, message, faults, deleted);
        message.inFlight = true;
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
            List<Runnable> leases = replica.store.takeLeases();
            later.computeIfAbsent(clock.instant().plus(LEASE), i -> new ArrayList<>())
                    .addAll(leases);
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
        if (!queue.isEmpty()) {
            throw new AssertionError("it never ends; still in the queue: "
                    + queue.stream().map(m -> m.body).toList());
        }
    }

    private void workOff(int most) {
        for (int i = 0; i < most && queue.stream().anyMatch(m -> !m.inFlight); i++) {
            Instant next = queue.stream()
                    .filter(m -> !m.inFlight)
                    .map(m -> m.visible)
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            if (next.isAfter(clock.instant())) {
                pass(Duration.between(clock.instant(), next));
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
        return queue.stream().anyMatch(m -> !m.inFlight && !m.handled && m.body.contains(words));
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

    /** ECS as one replica sees it. */
    private final class Calls implements EcsClient {
        private final Replica replica;

        Calls(Replica replica) {
            this.replica = replica;
        }

        @Override
        public UpdateServiceResponse updateService(UpdateServiceRequest request) {
            return call(FakeEcs.UPDATE_SERVICE, () -> client.updateService(request));
        }

        @Override
        public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
            return call(FakeEcs.DESCRIBE_SERVICES, () -> client.describeServices(request));
        }

        @Override
        public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
            return call(FakeEcs.DESCRIBE_CLUSTERS, () -> client.describeClusters(request));
        }

        @Override
        public DescribeContainerInstancesResponse describeContainerInstances(
                DescribeContainerInstancesRequest request) {
            return call(FakeEcs.DESCRIBE_CONTAINER_INSTANCES, () -> client.describeContainerInstances(request));
        }

        @Override
        public EcsServiceClientConfiguration serviceClientConfiguration() {
            return client.serviceClientConfiguration();
        }

        @Override
        public String serviceName() {
            return "ecs";
        }

        @Override
        public void close() {}
    }

    /** The queue as one replica sees it: it sends reminders, which come when their delay is over. */
    private final class Reminded implements SqsClient {
        private final Replica replica;

        Reminded(Replica replica) {
            this.replica = replica;
        }

        @Override
        public SendMessageResponse sendMessage(SendMessageRequest request) {
            return call(SEND_MESSAGE, () -> {
                send(request.messageBody(), Duration.ofSeconds(request.delaySeconds()));
                return SendMessageResponse.builder().messageId("reminder").build();
            });
        }

        @Override
        public SqsServiceClientConfiguration serviceClientConfiguration() {
            return null;
        }

        @Override
        public String serviceName() {
            return "sqs";
        }

        @Override
        public void close() {}
    }

    /**
     * The claims as one replica sees them. A worker that lives keeps its leases for as long as it works; those of one
     * that died end after a while.
     */
    private final class SharedStore implements ClaimStore {
        private final Replica replica;
        private final Map<String, String> leases = new HashMap<>();

        SharedStore(Replica replica) {
            this.replica = replica;
        }

        synchronized List<Runnable> takeLeases() {
            List<Runnable> ends = new ArrayList<>();
            leases.forEach((key, owner) -> ends.add(() -> claims.release(key, owner)));
            leases.clear();
            return ends;
        }

        private void check() {
            if (replica.dead) {
                throw new IllegalStateException("this replica is dead");
            }
        }

        @Override
        public Duration usualLease() {
            return claims.usualLease();
        }

        @Override
        public synchronized Answer claim(String key, String owner, Duration lease, Duration record) {
            check();
            Answer answer = claims.claim(key, owner, lease, record);
            if (answer == Answer.CLAIMED) {
                leases.put(key, owner);
            }
            return answer;
        }

        @Override
        public synchronized void confirm(String key, String owner) {
            if (!replica.dead) {
                leases.remove(key, owner);
                claims.confirm(key, owner);
            }
        }

        @Override
        public synchronized void confirm(String key, String owner, Duration record) {
            if (!replica.dead) {
                leases.remove(key, owner);
                claims.confirm(key, owner, record);
            }
        }

        @Override
        public synchronized void release(String key, String owner) {
            if (!replica.dead) {
                leases.remove(key, owner);
                claims.release(key, owner);
            }
        }

        @Override
        public void forget(String key) {
            if (!replica.dead) {
                claims.forget(key);
            }
        }

        @Override
        public boolean recorded(String key) {
            check();
            return claims.recorded(key);
        }

        @Override
        public void record(String key, Duration record) {
            check();
            claims.record(key, record);
        }

        @Override
        public void note(String key, String text, Duration record) {
            check();
            claims.note(key, text, record);
        }

        @Override
        public String noted(String key) {
            check();
            return claims.noted(key);
        }
    }
}
