package io.ecssteward.runtime;

import io.ecssteward.check.RouteCheck;
import io.ecssteward.check.RouteFiles;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.DynamoClaimStore;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.outcome.RoutesEntered;
import io.ecssteward.pattern.SimpleWithFields;
import io.ecssteward.problem.Problem;
import io.ecssteward.settings.Settings;
import io.ecssteward.slack.PacedSlackComponent;
import io.ecssteward.slack.SlackPacer;
import io.ecssteward.sqs.AlertQueue;
import io.ecssteward.sqs.BatchingSqsClient;
import io.ecssteward.sqs.InFlight;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.aws2.sqs.Sqs2Component;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Puts the steward together: Camel Main with the settings, the clients and the components that the routes refer to.
 *
 * <p>When the routes are files and are edited, a second {@link RouteSet} of them is started beside the first. It shares
 * all that must be one in a process: clients, claims, versions, the pace of Slack's channels, health and metrics. When
 * it runs, and not before, it reads the queues in place of the first, which is stopped when it has finished what it had
 * begun.
 *
 * <p>Camel's own reloading is not used: it stops routes with exchanges in them, and a broken edit leaves none.
 */
public final class Application implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** An edit is taken at the second look that finds it. */
    private static final long POLL_INTERVAL_MILLIS = 200;

    /** Some megabytes each, and each has its threads; while Slack is down a generation may take hours to finish. */
    private static final int MAX_FINISHING = 5;

    /** What stopping takes at most beside what is at work. */
    private static final int MAX_FOR_STOPPING_SECONDS = 15;

    private final Settings settings;
    private final EcsClient ecs;
    private final SqsClient sqs;
    private final SnsClient sns;
    private final ClaimStore claims;
    private final LatestVersions versions = new LatestVersions();
    private final SlackPacer pacer;
    private final Consumer<Main> bindings;
    private final ManagementServer management;

    /** Those that run: the last reads the queues, the others finish. */
    private final List<RouteSet> routeSets = new CopyOnWriteArrayList<>();

    private final List<Thread> finishing = new CopyOnWriteArrayList<>();
    private volatile RouteSet current;
    private RouteWatcher folder;
    private String runs;
    private volatile String broken;
    private Thread watch;
    private final CountDownLatch ending = new CountDownLatch(1);

    /**
     * A steward that is not started yet.
     *
     * @param settings already found to have no problems
     * @param sqs when it is a {@link BatchingSqsClient}, there are health and metrics as the settings say, and edited
     *     routes are taken
     * @param dynamo null when claims are kept in memory, whatever the settings say
     * @param bindings binds more, or other, beans than usual: replay and tests do
     */
    public Application(
            Settings settings,
            EcsClient ecs,
            SqsClient sqs,
            SnsClient sns,
            DynamoDbClient dynamo,
            Consumer<Main> bindings) {
        this(settings, ecs, sqs, sns, dynamo, new SlackPacer(), bindings);
    }

    /** A steward that posts at the pace of this pacer. */
    public Application(
            Settings settings,
            EcsClient ecs,
            SqsClient sqs,
            SnsClient sns,
            DynamoDbClient dynamo,
            SlackPacer pacer,
            Consumer<Main> bindings) {
        this.settings = settings;
        this.ecs = ecs;
        this.sqs = sqs;
        this.sns = sns;
        this.pacer = pacer;
        this.bindings = bindings;
        claims = claims(settings, dynamo);
        management = sqs instanceof BatchingSqsClient steady ? new ManagementServer(settings, steady, this) : null;
    }

    private static ClaimStore claims(Settings settings, DynamoDbClient dynamo) {
        return dynamo == null
                ? new MemoryClaimStore()
                : new DynamoClaimStore(dynamo, settings.claimsTable(), settings.lease(), Clock.systemUTC());
    }

    /** The routes as they are now, not started yet. */
    private RouteSet routeSet(SqsClient reader) {
        Main main = new Main();
        settings.all().forEach(main::addOverrideProperty);
        main.configure().withBasePackageScanEnabled(false);
        main.configure().setRoutesIncludePattern(String.join(",", RouteFiles.list(settings.get(Settings.ROUTES))));
        main.bind("ecsClient", ecs);
        main.bind("sqsClient", reader);
        main.bind("snsClient", sns);
        main.bind("claimStore", claims);
        main.bind("versions", versions);
        main.bind("channels", settings.channels());
        main.bind(SimpleWithFields.NAME, new SimpleWithFields());
        main.bind("in-flight", (InFlight)
                () -> routeSets.stream().mapToInt(RouteSet::exchanges).sum());
        if (management != null) {
            management.bind(main);
        }
        bindings.accept(main);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport support) {
                components(support.getCamelContext());
                support.getCamelContext().addRoutePolicyFactory(new RoutesEntered());
            }
        });
        return new RouteSet(main, reader instanceof BatchingSqsClient steady ? steady : null);
    }

    private void components(CamelContext camel) {
        PacedSlackComponent slack = new PacedSlackComponent();
        slack.setSecrets(settings.slackSecrets());
        slack.setChannel(settings.orNull(Settings.CHANNEL));
        slack.setServerUrl(settings.get(Settings.API));
        slack.setDryRun(settings.is(Settings.DRY_RUN));
        slack.sharePacer(pacer);
        camel.addComponent("slack", slack);
        camel.getComponent("aws2-sqs", Sqs2Component.class)
                .getConfiguration()
                .setMessageDeduplicationIdStrategy(AlertQueue::deduplicationId);
    }

    /** Starts, and returns when the routes are started. */
    public void start() throws Exception {
        pacer.setInterval(Duration.ofMillis(settings.number(Settings.INTERVAL)));
        pacer.start();
        if (claims instanceof DynamoClaimStore table && management != null) {
            table.report(management.claimListeners());
        }
        if (claims instanceof Service service) {
            service.start();
        }
        boolean watched = sqs instanceof BatchingSqsClient && RouteWatcher.canChange(settings.get(Settings.ROUTES));
        if (watched) {
            folder = new RouteWatcher(settings.get(Settings.ROUTES), Clock.systemUTC());
            runs = folder.content();
        }
        current = routeSet(sqs);
        routeSets.add(current);
        current.start();
        if (management != null) {
            management.start();
        }
        if (watched) {
            watch = new Thread(this::watch, "routes");
            watch.setDaemon(true);
            watch.start();
        }
    }

    /**
     * Starts, and returns when the process is told to end and everything has ended.
     *
     * @param most how long to run at most
     */
    public void run(Duration most) throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    told.countDown();
                    try {
                        // The JVM is gone as soon as this returns.
                        over.await(
                                settings.number("steward.shutdown-timeout") + MAX_FOR_STOPPING_SECONDS,
                                TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "sigterm");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            start();
            if (told.await(most.toSeconds(), TimeUnit.SECONDS)) {
                LOG.info(
                        "told to end; what is at work has {} s to finish", settings.number("steward.shutdown-timeout"));
            }
        } finally {
            try {
                close();
            } finally {
                over.countDown();
            }
        }
    }

    private void watch() {
        boolean edited = false;
        while (!ended(POLL_INTERVAL_MILLIS)) {
            try {
                boolean now = folder.edited();
                if (now && finishing.size() >= MAX_FINISHING) {
                    LOG.warn(
                            "the routes were edited {} times, and each time something was under way that has not ended yet; "
                                    + "this edit runs when some of it has",
                            MAX_FINISHING + 1);
                }
                edited |= now;
                if (edited && finishing.size() < MAX_FINISHING) {
                    edited = false;
                    edited();
                }
            } catch (RuntimeException | StackOverflowError | LinkageError e) {
                broken(e.toString());
            }
        }
    }

    /** Waits; returns early, and true, when the steward is to end. */
    private boolean ended(long millis) {
        try {
            return ending.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void edited() {
        long begun = System.nanoTime();
        if (folder.content().equals(runs)) {
            broken = null;
            LOG.info("the routes in {} are again those that run", settings.get(Settings.ROUTES));
            return;
        }
        String content = folder.content();
        String problem = follow();
        if (ended(0)) {
            return;
        }
        if (problem == null) {
            runs = content;
            broken = null;
            management.reloaded("success");
            LOG.info(
                    "the routes in {} were edited, and run since now; checking and starting them took {} ms",
                    settings.get(Settings.ROUTES),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        } else {
            broken(problem);
        }
    }

    private void broken(String problem) {
        broken = problem.strip().replaceAll("\\s+", " ");
        management.reloaded("failure");
        LOG.error(
                "the routes in {} were edited but are not taken, so those before go on: {}",
                settings.get(Settings.ROUTES),
                broken);
    }

    /**
     * Has the routes that are in the files now follow those that run; returns why they cannot, or null when they did.
     */
    private String follow() {
        BatchingSqsClient reader = current.sqs().successor();
        RouteSet next = null;
        try {
            if (RouteFiles.list(settings.get(Settings.ROUTES)).isEmpty()) {
                return "no file is there any more";
            }
            RouteCheck check = RouteCheck.beforeBuilding(settings);
            if (!check.problems().isEmpty()) {
                return describe(check.problems());
            }
            next = routeSet(reader);
            next.start();
            check.warnings().forEach(warning -> LOG.warn("the edited routes may not do what was meant: {}", warning));
        } catch (Exception | StackOverflowError | LinkageError e) {
            reader.end();
            if (next != null) {
                next.stop();
            }
            // It knows better than Camel says where the mistake is.
            List<Problem> found = RouteCheck.problems(settings);
            return found.isEmpty() ? io.ecssteward.cli.Main.problem(e) : describe(found);
        }
        synchronized (this) {
            if (ended(0)) {
                reader.end();
                next.stop();
                return null;
            }
            RouteSet before = current;
            routeSets.add(next);
            before.handOver(next);
            current = next;
            finish(before);
        }
        return null;
    }

    private static String describe(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
    }

    private void finish(RouteSet before) {
        Thread thread = new Thread(
                () -> {
                    // Twice, because a message that was just received is no exchange yet.
                    for (int looks = 0; looks < 2 && !ended(POLL_INTERVAL_MILLIS); ) {
                        looks = before.finished() ? looks + 1 : 0;
                    }
                    before.stop();
                    routeSets.remove(before);
                    finishing.remove(Thread.currentThread());
                },
                "routes-finishing");
        thread.setDaemon(true);
        finishing.add(thread);
        thread.start();
    }

    public CamelContext camel() {
        return current.camel();
    }

    /** Whether the routes that read the queues are started. */
    boolean running() {
        return current != null && current.running();
    }

    /** Those that run: the last reads the queues, the others finish what they had begun. */
    public List<RouteSet> routeSets() {
        return routeSets;
    }

    /**
     * What is wrong with the routes as they are in their files now, where that keeps them from running; null when they
     * do.
     */
    String broken() {
        return broken;
    }

    SlackPacer pacer() {
        return pacer;
    }

    /** Ends: nothing more is received, and what is at work gets the shutdown timeout to finish. */
    @Override
    public void close() {
        synchronized (this) {
            if (ended(0)) {
                return;
            }
            ending.countDown();
        }
        if (sqs instanceof BatchingSqsClient steady) {
            steady.endPolls();
        }
        pacer.drain();
        // Those that finish stop by themselves now, at the same time, or the last would have no time left.
        if (current != null) {
            current.stop();
        }
        finishing.forEach(Application::join);
        if (watch != null) {
            join(watch);
        }
        if (sqs instanceof BatchingSqsClient steady) {
            steady.flush();
        }
        pacer.stop();
        if (claims instanceof Service service) {
            service.stop();
        }
        if (management != null) {
            management.close();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
