package io.ecssteward.interactivity;

import io.ecssteward.dispatch.EventConsumer;
import io.ecssteward.event.Event;
import io.ecssteward.event.SlackAction;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.Processor;
import org.apache.camel.Route;

/** The consumer of a route for clicks and commands. */
final class SlackActionConsumer extends EventConsumer {

    private final SlackActionEndpoint endpoint;

    SlackActionConsumer(SlackActionEndpoint endpoint, Processor route) {
        super(endpoint, new ActionGuard(endpoint, route));
        this.endpoint = endpoint;
    }

    @Override
    public void setRoute(Route route) {
        try {
            endpoint.check();
        } catch (IllegalArgumentException e) {
            throw new FailedToStartRouteException(
                    route.getRouteId(), route.getSourceLocationShort(), e.getMessage(), e);
        }
        super.setRoute(route);
        endpoint.actions().add(endpoint);
    }

    /** So that {@code explain} shows these routes only for clicks and commands. */
    @Override
    protected boolean concerns(Event event) {
        return event instanceof SlackAction;
    }
}
