package io.ecssteward.runtime;

import io.ecssteward.check.RouteCheck;
import io.ecssteward.check.RouteFiles;
import io.ecssteward.problem.Problem;
import io.ecssteward.problem.StartFailure;
import io.ecssteward.settings.Settings;
import io.ecssteward.sqs.BatchingSqsClient;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Runs the routes, and replaces them when their files are edited: the new {@link RouteSet} is checked and started
 * beside the running one, takes over the queues, and the previous one drains. Nothing in flight is interrupted, and an
 * invalid edit leaves the running routes alone. Camel's own reload does neither: it stops routes that have exchanges in
 * flight, and after an invalid edit no route runs.
 */
final class RouteReloader implements RouteStatus {

    private static final Logger LOG = LoggerFactory.getLogger(RouteReloader.class);

    /** An edit is applied at the second poll that finds it. */
    private static final long POLL_INTERVAL_MILLIS = 200;

    /** Each holds some megabytes and threads, and may take hours to drain while Slack is down. */
    private static final int MAX_DRAINING = 5;

    private final Settings settings;
    private final Function<SqsClient, RouteSet> factory;
    private final Consumer<String> reloads;

    private final List<RouteSet> routeSets = new CopyOnWriteArrayList<>();
    private final List<Thread> draining = new CopyOnWriteArrayList<>();
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile RouteSet current;
    private volatile String reloadProblem;
    private RouteWatcher watcher;
    private String applied;
    private Thread thread;

    /**
     * A reloader that is not started yet.
     *
     * @param factory builds the routes as their files are now, for this client to read the queues
     * @param reloads receives {@code success} or {@code failure} for each edit
     */
    RouteReloader(Settings settings, Function<SqsClient, RouteSet> factory, Consumer<String> reloads) {
        this.settings = settings;
        this.factory = factory;
        this.reloads = reloads;
    }

    /**
     * Starts the routes, and watches their files if they can change.
     *
     * @param sqs the client that the routes read with; edits are applied only with a {@link BatchingSqsClient}, which
     *     supports a hand-over
     */
    void start(SqsClient sqs) throws Exception {
        boolean watched = sqs instanceof BatchingSqsClient && RouteWatcher.canChange(settings.get(Settings.ROUTES));
        if (watched) {
            watcher = new RouteWatcher(settings.get(Settings.ROUTES), Clock.systemUTC());
            applied = watcher.content();
        }
        current = factory.apply(sqs);
        routeSets.add(current);
        current.start();
        if (watched) {
            thread = new Thread(this::watch, "routes");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The route set that reads the queues; null before the start. */
    RouteSet current() {
        return current;
    }

    @Override
    public boolean running() {
        return current != null && current.running();
    }

    @Override
    public String reloadProblem() {
        return reloadProblem;
    }

    @Override
    public List<RouteSet> routeSets() {
        return routeSets;
    }

    /** Stops applying edits. Returns false if it had already been called. */
    boolean end() {
        synchronized (this) {
            if (ended(0)) {
                return false;
            }
            ending.countDown();
            return true;
        }
    }

    /** Stops all route sets at the same time: one by one, the last would have no time left to drain. */
    void stop() {
        if (current != null) {
            current.stop();
        }
        draining.forEach(RouteReloader::join);
        if (thread != null) {
            join(thread);
        }
    }

    private void watch() {
        boolean edited = false;
        while (!ended(POLL_INTERVAL_MILLIS)) {
            try {
                boolean now = watcher.edited();
                if (now && draining.size() >= MAX_DRAINING) {
                    LOG.warn(
                            "{} previous configurations are still draining; this edit is applied when one of them is "
                                    + "done",
                            MAX_DRAINING);
                }
                edited |= now;
                if (edited && draining.size() < MAX_DRAINING) {
                    edited = false;
                    reload();
                }
            } catch (RuntimeException | StackOverflowError | LinkageError e) {
                failed(e.toString());
            }
        }
    }

    /** Waits; returns true, early, when the application shuts down. */
    private boolean ended(long millis) {
        try {
            return ending.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void reload() {
        long start = System.nanoTime();
        String routes = settings.get(Settings.ROUTES);
        String content = watcher.content();
        if (content.equals(applied)) {
            reloadProblem = null;
            LOG.info("the route files in {} match the running routes again", routes);
            return;
        }
        String problem = replace();
        if (ended(0)) {
            return;
        }
        if (problem == null) {
            applied = content;
            reloadProblem = null;
            reloads.accept("success");
            LOG.info(
                    "the edited routes in {} run now; checking and starting them took {} ms",
                    routes,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        } else {
            failed(problem);
        }
    }

    private void failed(String problem) {
        reloadProblem = problem.strip().replaceAll("\\s+", " ");
        reloads.accept("failure");
        LOG.error(
                "the edited routes in {} are broken, so the previous ones keep running: {}",
                settings.get(Settings.ROUTES),
                reloadProblem);
    }

    /** Replaces the running routes by those in the files now. Returns the problem, or null on success. */
    private String replace() {
        BatchingSqsClient reader = current.sqs().successor();
        RouteSet next = null;
        try {
            if (RouteFiles.list(settings.get(Settings.ROUTES)).isEmpty()) {
                return "all files are gone";
            }
            RouteCheck check = RouteCheck.of(settings, null);
            if (!check.problems().isEmpty()) {
                return describe(check.problems());
            }
            next = factory.apply(reader);
            next.start();
            check.warnings().forEach(warning -> LOG.warn("the edited routes have warnings: {}", warning));
        } catch (Exception | StackOverflowError | LinkageError e) {
            reader.end();
            if (next != null) {
                next.stop();
            }
            // The check finds the file and line, which Camel's exception lacks.
            List<Problem> problems = RouteBuild.check(settings).problems();
            return problems.isEmpty() ? StartFailure.of(e).toString() : describe(problems);
        }
        synchronized (this) {
            if (ended(0)) {
                reader.end();
                next.stop();
                return null;
            }
            RouteSet previous = current;
            routeSets.add(next);
            previous.handOver(next);
            current = next;
            drain(previous);
        }
        return null;
    }

    private static String describe(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
    }

    private void drain(RouteSet previous) {
        Thread drain = new Thread(
                () -> {
                    // Checked twice, because a message that was just received may not be an exchange yet.
                    for (int polls = 0; polls < 2 && !ended(POLL_INTERVAL_MILLIS); ) {
                        polls = previous.finished() ? polls + 1 : 0;
                    }
                    previous.stop();
                    routeSets.remove(previous);
                    draining.remove(Thread.currentThread());
                },
                "routes-draining");
        drain.setDaemon(true);
        draining.add(drain);
        drain.start();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
