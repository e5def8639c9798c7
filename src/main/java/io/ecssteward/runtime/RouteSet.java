package io.ecssteward.runtime;

import io.ecssteward.sqs.BatchingSqsClient;
import io.ecssteward.sqs.HeartbeatMonitor;
import java.time.Instant;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.aws2.sqs.Sqs2Endpoint;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version of the routes, in a Camel of its own. When the routes are edited, another one follows and this one
 * drains: an exchange ends in the routes that it began in.
 */
final class RouteSet {

    private static final Logger LOG = LoggerFactory.getLogger(RouteSet.class);

    /**
     * Endpoints by which routes call routes or events are dispatched to them, and which must work until everything has
     * ended.
     */
    private static final Set<String> WITHIN = Set.of("direct", "seda", "event", "slack-action");

    private final Main main;
    private final BatchingSqsClient sqs;

    /**
     * One that is not started yet.
     *
     * @param sqs what it reads by; null when it reads by something else, and then no other can follow it
     */
    RouteSet(Main main, BatchingSqsClient sqs) {
        this.main = main;
        this.sqs = sqs;
        // Camel's own would have the JVM's shutdown hooks keep each route set for ever, and stop it in an order of
        // their own.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    }

    BatchingSqsClient sqs() {
        return sqs;
    }

    CamelContext camel() {
        return main.getCamelContext();
    }

    /** Starts everything, and returns when the routes are started. */
    void start() throws Exception {
        main.start();
    }

    /** Whether all of its routes are started, as far as they are to be started at all. */
    boolean running() {
        CamelContext camel = camel();
        return camel != null
                && camel.isStarted()
                && camel.getRoutes().stream()
                        .filter(route -> !Boolean.FALSE.equals(route.isAutoStartup()))
                        .allMatch(route -> camel.getRouteController()
                                .getRouteStatus(route.getRouteId())
                                .isStarted());
    }

    /** When it received the last heartbeat; null before the first. Routes of an operator's own may have no heart. */
    Instant lastHeartbeat() {
        CamelContext camel = camel();
        HeartbeatMonitor heart = camel == null
                ? null
                : camel.getRegistry().lookupByNameAndType("heartbeat-monitor", HeartbeatMonitor.class);
        return heart == null ? null : heart.last();
    }

    /** How many exchanges have not ended. */
    int exchanges() {
        CamelContext camel = camel();
        return camel == null ? 0 : camel.getInflightRepository().size();
    }

    /** How many of them are messages of this queue. */
    int received(String queueUrl) {
        CamelContext camel = camel();
        return camel == null
                ? 0
                : camel.getRoutes().stream()
                        .filter(route -> route.getEndpoint() instanceof Sqs2Endpoint queue
                                && queueUrl.equals(queue.getConfiguration().getQueueUrl()))
                        .mapToInt(route -> camel.getInflightRepository().size(route.getRouteId()))
                        .sum();
    }

    /** Stops receiving, and lets the next one, already started, receive. */
    void handOver(RouteSet next) {
        sqs.handOver(next.sqs);
        for (Route route : camel().getRoutes()) {
            if (!(route.getEndpoint() instanceof Sqs2Endpoint) && !WITHIN.contains(scheme(route))) {
                try {
                    ServiceHelper.suspendService(route.getConsumer());
                } catch (RuntimeException e) {
                    LOG.warn(
                            "cannot suspend consumer of route {} from the previous configuration: {}",
                            route.getRouteId(),
                            e.toString());
                }
            }
        }
    }

    private static String scheme(Route route) {
        String uri = route.getEndpoint().getEndpointUri();
        return uri.substring(0, Math.max(0, uri.indexOf(':')));
    }

    /** Whether it has finished: no exchange is under way, and no poll that may bring one. */
    boolean finished() {
        return !sqs.polling() && exchanges() == 0;
    }

    /** Stops, when what is under way has ended or the shutdown timeout is over. */
    void stop() {
        main.stop();
    }
}
