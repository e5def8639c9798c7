package io.ecssteward.runtime;

import io.ecssteward.claim.ClaimListener;
import io.ecssteward.metrics.EmbeddedMetrics;
import io.ecssteward.metrics.FailoverMetrics;
import io.ecssteward.metrics.IncidentMetrics;
import io.ecssteward.metrics.Metrics;
import io.ecssteward.metrics.SocketMetrics;
import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import io.ecssteward.sqs.BatchingSqsClient;
import io.ecssteward.sqs.LastPoll;
import io.ecssteward.sqs.QueueHealth;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/**
 * Serves health and metrics on a separate port, by Camel's management server, and writes metrics to stdout. They run in
 * a Camel context without routes, because they outlive routes that are replaced.
 */
public final class ManagementServer implements AutoCloseable {

    private final Settings settings;
    private final Map<String, String> queues;
    private final BatchingSqsClient sqs;
    private final RouteStatus routes;
    private final IntSupplier slackWaiting;
    private final boolean port;
    private final PrometheusMeterRegistry registry;
    private final Metrics metrics;
    private final IncidentMetrics incidents;
    private final FailoverMetrics failovers;
    private final SocketHealth socket;
    private final SocketMetrics socketMetrics;
    private volatile Instant lastHeartbeat = Instant.EPOCH;
    private Main main;

    /** Reads the settings; nothing is served until it is started. */
    ManagementServer(Settings settings, BatchingSqsClient sqs, RouteStatus routes, IntSupplier slackWaiting) {
        this.settings = settings;
        this.sqs = sqs;
        this.routes = routes;
        this.slackWaiting = slackWaiting;
        queues = queues(settings);
        port = settings.get(Settings.PORT) != 0;
        registry = port || settings.get(Settings.EMF) ? new PrometheusMeterRegistry(PrometheusConfig.DEFAULT) : null;
        metrics = registry == null ? null : metrics();
        incidents = registry == null ? null : new IncidentMetrics(registry);
        failovers = registry == null || settings.spotSweep().isZero()
                ? null
                : new FailoverMetrics(registry, settings.spotSweep());
        boolean buttons =
                registry != null && Boolean.parseBoolean(settings.placeholders().get(Settings.SOCKET));
        socket = buttons ? new SocketHealth() : null;
        socketMetrics = buttons ? new SocketMetrics(registry) : null;
    }

    /** Counts the events and calls of these routes. */
    void bind(Main routes) {
        if (metrics != null) {
            // Camel looks up the first by name and the second by type.
            routes.bind(MicrometerConstants.METRICS_REGISTRY_NAME, registry);
            routes.bind("metrics", metrics);
            routes.bind("incident-metrics", incidents);
        }
        if (failovers != null) {
            routes.bind("failover-metrics", failovers);
        }
        if (socket != null) {
            routes.bind("slack-socket-state", socket);
            routes.bind("slack-socket-metrics", socketMetrics);
        }
    }

    /** The listeners for claims. */
    Set<ClaimListener> claimListeners() {
        return metrics == null ? Set.of() : Set.of(metrics);
    }

    /** Counts an edit of the routes by its outcome, {@code success} or {@code failure}. */
    void reloaded(String outcome) {
        if (metrics != null) {
            metrics.reloaded(outcome);
        }
    }

    /** Opens the port, if one is set. */
    void start() throws Exception {
        if (registry == null) {
            return;
        }
        main = new Main();
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.addOverrideProperty("camel.main.name", "ecs-steward-management");
        main.configure().withBasePackageScanEnabled(false);
        main.configure().withRoutesCollectorEnabled(false);
        main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, registry);
        if (port) {
            health(settings.raw(Settings.PORT));
        }
        if (settings.get(Settings.EMF)) {
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeConfigure(BaseMainSupport support) {
                    tellEachMinute(registry, support.getCamelContext());
                }
            });
        }
        main.start();
    }

    @Override
    public void close() {
        if (main != null) {
            main.stop();
        }
    }

    /** If the port is in use, says what to set: Camel 4.18.0 would only log it, and start without the port. */
    public static Optional<String> portProblem(Settings settings) {
        // To the operating system port 0 means any port; in our settings it means none.
        try (ServerSocket free = new ServerSocket(settings.get(Settings.PORT))) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Settings.PORT.variable() + " (" + Settings.PORT + ") is "
                    + settings.get(Settings.PORT) + ", which cannot be opened (" + e.getMessage()
                    + "); set a port that is free, or 0 for none");
        }
    }

    private void health(String port) {
        // Otherwise Vert.x creates a folder in /tmp for files from the classpath, and does not start if it cannot.
        System.setProperty("vertx.disableFileCPResolving", "true");
        // Otherwise Netty makes JDK 24 and later print four lines of warnings to stderr, which are not JSON.
        System.setProperty("io.netty.noUnsafe", "true");
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.port", port);
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        // Camel's own checks of consumers wait for the first poll, which takes 20 seconds in an empty queue.
        main.addInitialProperty("camel.health.consumersEnabled", "false");
        // Show details also of checks that are UP: an invalid edit is reported there.
        main.addInitialProperty("camel.health.exposureLevel", "full");
        // Camel's own statistics cost time at each step of each event; operators who want them can enable them.
        for (String off : List.of(
                "enableRoutePolicy", "enableExchangeEventNotifier", "enableRouteEventNotifier", "clearOnReload")) {
            main.addInitialProperty("camel.metrics." + off, "false");
        }
        Map<String, String> byVariable = new LinkedHashMap<>();
        queues.forEach((name, url) -> byVariable.put(Setting.variable("steward." + name + ".queue-url"), url));
        main.bind("queue-health", new QueueHealth(sqs, byVariable));
        main.bind("routes-health", new RoutesHealth(routes));
        if (socket != null) {
            main.bind("slack-socket-health", socket);
        }
    }

    private Metrics metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Metrics counting = new Metrics(registry);
        sqs.onFailure(counting::queueFailed);
        queues.forEach((name, url) -> {
            counting.gauge("queue.message.age.seconds", () -> age(url), "queue", name);
            counting.gauge("messages.in.flight", () -> inFlight(url), "queue", name);
        });
        counting.gauge("slack.waiting", slackWaiting::getAsInt);
        counting.gauge("config.last.reload.successful", () -> routes.reloadProblem() == null ? 1 : 0);
        counting.gauge("heartbeat.timestamp.seconds", this::heartbeat);
        return counting;
    }

    private static void tellEachMinute(PrometheusMeterRegistry registry, CamelContext camel) {
        try {
            camel.addService(new EmbeddedMetrics(registry, System.out::println), true, true);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
    }

    /** The URLs of the queues that are read, by name. */
    private static Map<String, String> queues(Settings settings) {
        Map<String, String> queues = new LinkedHashMap<>();
        for (String name : List.of("events", "urgent", "alerts")) {
            String url = settings.all().get("steward." + name + ".queue-url");
            if (!url.isEmpty()
                    && settings.all().get("steward." + name + ".from").startsWith("aws2-sqs:")) {
                queues.put(name, url);
            }
        }
        return queues;
    }

    private double age(String url) {
        LastPoll last = sqs.lastPoll(url);
        return last == null || last.failure() != null
                ? Double.NaN
                : last.oldest().toMillis() / 1_000.0;
    }

    private double inFlight(String url) {
        return routes.routeSets().stream()
                .mapToInt(routeSet -> routeSet.received(url))
                .sum();
    }

    /**
     * NaN before the first. Just edited routes may not have received one yet, and the previous ones may have stopped.
     */
    private double heartbeat() {
        routes.routeSets().stream()
                .map(RouteSet::lastHeartbeat)
                .filter(Objects::nonNull)
                .forEach(at -> lastHeartbeat = lastHeartbeat.isBefore(at) ? at : lastHeartbeat);
        return lastHeartbeat.equals(Instant.EPOCH) ? Double.NaN : lastHeartbeat.getEpochSecond();
    }
}
