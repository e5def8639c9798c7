package io.ecssteward.cli;

import io.ecssteward.metrics.EmbeddedMetrics;
import io.ecssteward.metrics.Metrics;
import io.ecssteward.queue.Heart;
import io.ecssteward.queue.LastPoll;
import io.ecssteward.queue.QueueHealth;
import io.ecssteward.queue.SteadySqs;
import io.ecssteward.slack.SteadySlackComponent;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.aws2.sqs.Sqs2Endpoint;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/** Health and metrics: on a port of their own, by Camel's management server, and the metrics also on stdout. */
final class Management {

    private final Main main;
    private final Map<String, String> queues;
    private final SteadySqs sqs;

    private Management(Main main, Map<String, String> queues, SteadySqs sqs) {
        this.main = main;
        this.queues = queues;
        this.sqs = sqs;
    }

    /** Has Camel open the port when it starts, and the metrics counted, if the settings want it. */
    static void open(Main main, Settings settings, SteadySqs sqs) {
        Management management = new Management(main, queues(settings), sqs);
        boolean port = settings.number(Settings.PORT) != 0;
        if (port) {
            management.health(settings.get(Settings.PORT));
        }
        if (port || settings.is(Settings.EMF)) {
            management.metrics(settings.is(Settings.EMF));
        }
    }

    /** Says what to set when somebody else has the port: Camel 4.18.0 would log that, and start without it. */
    static Optional<String> portProblem(Settings settings) {
        // Port 0 is any port to the system, and none to us.
        try (ServerSocket free = new ServerSocket(settings.number(Settings.PORT))) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Settings.variable(Settings.PORT) + " (" + Settings.PORT + ") is " + settings.get(Settings.PORT)
                    + ", which cannot be opened (" + e.getMessage() + "); set a port that is free, or 0 for none");
        }
    }

    private void health(String port) {
        // Otherwise Vert.x makes a folder in /tmp for what it might serve from the classpath, and does not start where it cannot.
        System.setProperty("vertx.disableFileCPResolving", "true");
        // Otherwise Netty has JDK 24 and later write four lines of warnings to the standard error, which are no JSON.
        System.setProperty("io.netty.noUnsafe", "true");
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.port", port);
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        main.addInitialProperty("camel.management.metricsEnabled", "true");
        // Camel's own checks of consumers wait for the first poll, which takes 20 seconds in an empty queue.
        main.addInitialProperty("camel.health.consumersEnabled", "false");
        // What Camel counts costs time for each step of each event; whoever wants it switches it on.
        for (String off : List.of("enableRoutePolicy", "enableExchangeEventNotifier", "enableRouteEventNotifier", "clearOnReload")) {
            main.addInitialProperty("camel.metrics." + off, "false");
        }
        Map<String, String> byVariable = new LinkedHashMap<>();
        queues.forEach((name, url) -> byVariable.put(Settings.variable("steward." + name + ".queue-url"), url));
        main.bind("queue-health", new QueueHealth(sqs, byVariable));
    }

    private void metrics(boolean emf) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Metrics metrics = new Metrics(registry);
        sqs.tellFailures(metrics::queueFailed);
        queues.forEach((name, url) -> {
            metrics.gauge("queue.message.age.seconds", () -> age(url), "queue", name);
            metrics.gauge("messages.in.flight", () -> inFlight(url), "queue", name);
        });
        metrics.gauge("slack.waiting", this::waitingForSlack);
        metrics.gauge("heartbeat.timestamp.seconds", this::heartbeat);
        // Camel finds the one by its name, and the other by its type.
        main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, registry);
        main.bind("metrics", metrics);
        if (emf) {
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeConfigure(BaseMainSupport support) {
                    tellEachMinute(registry, support.getCamelContext());
                }
            });
        }
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
            String url = settings.get("steward." + name + ".queue-url");
            if (!url.isEmpty() && settings.get("steward." + name + ".from").startsWith("aws2-sqs:")) {
                queues.put(name, url);
            }
        }
        return queues;
    }

    private double age(String url) {
        LastPoll last = sqs.lastPoll(url);
        return last == null || last.failure() != null ? Double.NaN : last.oldest().toMillis() / 1_000.0;
    }

    private double inFlight(String url) {
        CamelContext camel = main.getCamelContext();
        return camel.getRoutes().stream()
                .filter(route -> route.getEndpoint() instanceof Sqs2Endpoint sqsEndpoint && url.equals(sqsEndpoint.getConfiguration().getQueueUrl()))
                .mapToInt(route -> camel.getInflightRepository().size(route.getRouteId()))
                .sum();
    }

    /** Routes of an operator's own may have no heart. */
    private double heartbeat() {
        Heart heart = main.getCamelContext().getRegistry().lookupByNameAndType("heartbeat", Heart.class);
        return heart == null || heart.last() == null ? Double.NaN : heart.last().getEpochSecond();
    }

    private double waitingForSlack() {
        return main.getCamelContext().hasComponent("slack") instanceof SteadySlackComponent slack ? slack.getPacer().waiting() : 0;
    }
}
