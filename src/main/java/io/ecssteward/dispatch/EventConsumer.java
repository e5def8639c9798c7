package io.ecssteward.dispatch;

import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;

/** The beginning of an own route. It waits to be given events by {@link EventProducer}. */
class EventConsumer extends DefaultConsumer implements ShutdownAware {

    private final EventEndpoint endpoint;

    EventConsumer(EventEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    public EventEndpoint getEndpoint() {
        return endpoint;
    }

    String name() {
        return endpoint.getName();
    }

    String pattern() {
        return endpoint.getPattern();
    }

    /** Whether the shipped routes leave to this one what it matches. */
    boolean instead() {
        return endpoint.getInstead().equals("true");
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        try {
            check();
            endpoint.getComponent().name(this);
        } catch (IllegalArgumentException e) {
            // Camel names the route of a step that cannot be started, and not that of its beginning.
            throw new FailedToStartRouteException(getRouteId(), getRoute().getSourceLocationShort(), e.getMessage(), e);
        }
    }

    private void check() {
        if (endpoint.getShipped() != null) {
            throw new IllegalArgumentException(
                    "event:" + name() + ": shipped belongs to the step that hands events out; remove it");
        }
        if (pattern() == null || pattern().isBlank()) {
            throw new IllegalArgumentException("event:" + name()
                    + ": no pattern is set, so it would get every event; set one: {\"source\": [\"shop.orders\"]}");
        }
        if (!endpoint.getInstead().equals("true") && !endpoint.getInstead().equals("false")) {
            throw new IllegalArgumentException(
                    "event:" + name() + ": instead is '" + endpoint.getInstead() + "'; set true or false");
        }
        try {
            endpoint.getComponent().patterns().add(pattern());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("event:" + name() + ": " + e.getMessage());
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        endpoint.getComponent().started(this);
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.getComponent().stopped(this);
        super.doStop();
    }

    @Override
    protected void doShutdown() throws Exception {
        endpoint.getComponent().free(this);
        super.doShutdown();
    }

    /**
     * Events that are at work when the steward is told to end still need this route, as they need those of
     * {@code direct:}.
     */
    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return 0;
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {}
}
