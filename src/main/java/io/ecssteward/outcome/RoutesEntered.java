package io.ecssteward.outcome;

import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/** Records in each event's outcome the first route that it entered. Camel's own message history costs more. */
public final class RoutesEntered extends RoutePolicySupport implements RoutePolicyFactory {

    /** The routes to which an alert from any route continues. */
    private static final Set<String> AFTERWARDS = Set.of("alerts", "slack", "queue-alert", "sns");

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camelContext, String routeId, NamedNode route) {
        return AFTERWARDS.contains(routeId) ? null : this;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        EventOutcome eventOutcome = EventOutcome.begun(exchange);
        if (eventOutcome != null) {
            eventOutcome.entered(route.getRouteId());
        }
    }
}
