package io.ecssteward.replay;

import io.ecssteward.alert.Alert;
import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.outcome.EventOutcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;

/** Records the routes that each event goes through, and the alerts that it raises. */
final class RouteTrace extends SimpleEventNotifierSupport {

    private static final String DIRECT = "direct://";

    /** Routes that every event goes through. */
    private static final List<String> COMMON = List.of("process-event", "alerts");

    private final Map<EventOutcome, List<String>> routes = new IdentityHashMap<>();
    private final Map<EventOutcome, List<Alert>> raised = new IdentityHashMap<>();
    private final Set<EventOutcome> sent = Collections.newSetFromMap(new IdentityHashMap<>());

    @Override
    public synchronized void notify(CamelEvent event) {
        String route = event instanceof CamelEvent.ExchangeSendingEvent sent ? route(sent.getEndpoint()) : null;
        if (route != null && event instanceof CamelEvent.ExchangeSendingEvent sending) {
            List<String> routeTrace =
                    routes.computeIfAbsent(EventOutcome.of(sending.getExchange()), f -> new ArrayList<>());
            if (!COMMON.contains(route) && !routeTrace.contains(route)) {
                routeTrace.add(route);
            }
        }
        if (event instanceof CamelEvent.ExchangeSendingEvent sending) {
            sent.add(EventOutcome.of(sending.getExchange()));
        }
        if (event instanceof CamelEvent.ExchangeSendingEvent sending && alert(sending.getExchange()) != null) {
            List<Alert> alerts = raised.computeIfAbsent(EventOutcome.of(sending.getExchange()), f -> new ArrayList<>());
            Alert alert = alert(sending.getExchange());
            // The same alert object passes through several routes; it is recorded once.
            if (alerts.stream().noneMatch(a -> a == alert)) {
                alerts.add(alert);
            }
        }
    }

    private static Alert alert(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Alert alert ? alert : null;
    }

    /** The name of the route that begins at an endpoint; null if none does. */
    private static String route(Endpoint endpoint) {
        if (endpoint instanceof EventEndpoint event) {
            return event.getComponent().routeId(event);
        }
        return endpoint.getEndpointUri().startsWith(DIRECT)
                ? endpoint.getEndpointUri().substring(DIRECT.length())
                : null;
    }

    RouteTrace() {
        setIgnoreExchangeEvents(false);
        setIgnoreExchangeSendingEvents(false);
    }

    synchronized List<String> of(EventOutcome eventOutcome) {
        return routes.getOrDefault(eventOutcome, List.of());
    }

    /** The alerts that were raised, sent or not, in order. */
    synchronized List<Alert> raised(EventOutcome eventOutcome) {
        return List.copyOf(raised.getOrDefault(eventOutcome, List.of()));
    }

    /** The outcomes of all exchanges that were sent. */
    synchronized List<EventOutcome> outcomes() {
        return List.copyOf(sent);
    }

    synchronized void clear() {
        sent.clear();
        routes.clear();
        raised.clear();
    }
}
