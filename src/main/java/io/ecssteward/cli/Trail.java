package io.ecssteward.cli;

import io.ecssteward.fate.Fate;
import io.ecssteward.pattern.EventEndpoint;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;

/** Writes down which routes each event goes through. */
final class Trail extends SimpleEventNotifierSupport {

    private static final String DIRECT = "direct://";

    /** Every event goes through these. */
    private static final List<String> ALL_GO = List.of("event", "branch", "alerts");

    private final Map<Fate, List<String>> routes = new IdentityHashMap<>();

    @Override
    public synchronized void notify(CamelEvent event) {
        String route = event instanceof CamelEvent.ExchangeSendingEvent sent ? route(sent.getEndpoint()) : null;
        if (route != null && event instanceof CamelEvent.ExchangeSendingEvent sending) {
            List<String> trail = routes.computeIfAbsent(Fate.of(sending.getExchange()), f -> new ArrayList<>());
            if (!ALL_GO.contains(route) && !trail.contains(route)) {
                trail.add(route);
            }
        }
    }

    /** The name of the route that begins at an endpoint; null when none does. */
    private static String route(Endpoint endpoint) {
        if (endpoint instanceof EventEndpoint own) {
            return own.getPattern() == null ? null : own.getName();
        }
        return endpoint.getEndpointUri().startsWith(DIRECT) ? endpoint.getEndpointUri().substring(DIRECT.length()) : null;
    }

    Trail() {
        setIgnoreExchangeEvents(false);
        setIgnoreExchangeSendingEvents(false);
    }

    synchronized List<String> of(Fate fate) {
        return routes.getOrDefault(fate, List.of());
    }

    synchronized void clear() {
        routes.clear();
    }
}
