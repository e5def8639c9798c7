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
 * One version of the routes, in its own Camel context. When the routes are edited, another route set takes over and
 * this one drains: an exchange ends in the routes in which it began.
 */
final class RouteSet {

    private static final Logger LOG = LoggerFactory.getLogger(RouteSet.class);

    /**
     * The schemes of endpoints by which routes call each other or events are dispatched. These must work until
     * everything has ended.
     */
    private static final Set<String> WITHIN = Set.of("direct", "seda", "event", "slack-action");

    private final Main main;
    private final BatchingSqsClient sqs;

    /**
     * Creates it without starting it.
     *
     * @param sqs the client that it reads with; null if it reads otherwise, and then no other route set can take over
     */
    RouteSet(Main main, BatchingSqsClient sqs) {
        this.main = main;
        this.sqs = sqs;
        // With Camel's default, the JVM's shutdown hooks would hold each route set forever, and stop them in any order.
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

    /** Whether all of its auto-started routes are started. */
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

    /** When it received the last heartbeat; null before the first. Custom routes may have no heartbeat route. */
    Instant lastHeartbeat() {
        CamelContext camel = camel();
        HeartbeatMonitor heart = camel == null
                ? null
                : camel.getRegistry().lookupByNameAndType("heartbeat-monitor", HeartbeatMonitor.class);
        return heart == null ? null : heart.last();
    }

    /** The number of exchanges in flight. */
    int exchanges() {
        CamelContext camel = camel();
        return camel == null ? 0 : camel.getInflightRepository().size();
    }

    /** The number of exchanges in flight that come from this queue. */
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

    /** Whether it has finished: no exchange is in flight, and no poll in progress could start one. */
    boolean finished() {
        return !sqs.polling() && exchanges() == 0;
    }

    /** Stops when the exchanges in flight have ended, or at the shutdown timeout. */
    void stop() {
        main.stop();
    }
}
