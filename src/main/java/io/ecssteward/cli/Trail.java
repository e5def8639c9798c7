package io.ecssteward.cli;

import io.ecssteward.fate.Fate;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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
        if (event instanceof CamelEvent.ExchangeSendingEvent sending
                && sending.getEndpoint().getEndpointUri().startsWith(DIRECT)) {
            String route = sending.getEndpoint().getEndpointUri().substring(DIRECT.length());
            List<String> trail = routes.computeIfAbsent(Fate.of(sending.getExchange()), f -> new ArrayList<>());
            if (!ALL_GO.contains(route) && !trail.contains(route)) {
                trail.add(route);
            }
        }
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
