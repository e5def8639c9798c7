package io.ecssteward.dispatch;

import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;

/** The consumer of a route for events, called by {@link EventProducer}. */
public class EventConsumer extends DefaultConsumer implements ShutdownAware {

    private final EventEndpoint endpoint;
    private Set<String> replaces = Set.of();
    private String pattern;
    private boolean custom;

    protected EventConsumer(EventEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    public EventEndpoint getEndpoint() {
        return endpoint;
    }

    String name() {
        return endpoint.routeName();
    }

    /** Whether {@code explain} shows this route for an event. */
    protected boolean concerns(Event event) {
        return true;
    }

    /** The pattern of the route's events; null if it gets the events that no other route gets. */
    String pattern() {
        return pattern;
    }

    /** The pattern of events that the route does not get; null for none. */
    String except() {
        return endpoint.getExcept();
    }

    boolean fallback() {
        return endpoint.getFallback().equals("true");
    }

    /** The routes that do not get the events that this one gets. */
    Set<String> replaces() {
        return replaces;
    }

    /** Whether the route is in a file whose name differs from all built-in files. */
    boolean custom() {
        return custom;
    }

    /**
     * Whether the route gets an event, unless another route replaces it.
     *
     * @param internal whether Steward sent the event to itself
     * @param matching the patterns that the event matches
     */
    boolean takes(boolean internal, Set<String> matching) {
        return (pattern() == null || matching.contains(pattern()))
                && (except() == null || !matching.contains(except()))
                && (!internal || pattern() != null && pattern().contains('"' + FollowUp.SOURCE + '"'));
    }

    /**
     * Registers the route. Camel calls this for each consumer before it starts the first of them. Registering at the
     * start of the consumer would be too late: routes that read the queues may start first, and an event without a
     * route is deleted.
     */
    @Override
    public void setRoute(Route route) {
        super.setRoute(route);
        try {
            check();
            Resource file = route.getSourceResource();
            String name = file == null ? "" : file.getLocation().replaceFirst(".*[:/]", "");
            custom = name.isEmpty() || EventConsumer.class.getResource("/routes/" + name) == null;
            endpoint.getComponent().add(this);
        } catch (IllegalArgumentException e) {
            // Camel's own error names the route if a step fails to start, but not if its consumer does.
            throw new FailedToStartRouteException(
                    route.getRouteId(), route.getSourceLocationShort(), e.getMessage(), e);
        }
    }

    private void check() {
        // Kept in a field: the pattern of a button is computed, and each event needs it.
        pattern = endpoint.getPattern();
        require(!name().equals(EventEndpoint.DISPATCH), "is reserved for dispatch; use another name");
        require(
                Set.of("true", "false").contains(endpoint.getFallback()),
                ": fallback is '" + endpoint.getFallback() + "'; set true or false");
        require(
                fallback() || pattern() != null && !pattern().isBlank(),
                ": no pattern is set, so it would get every event; set one: {\"source\": [\"shop.orders\"]}");
        replaces = endpoint.getReplaces() == null
                ? Set.of()
                : Stream.of(endpoint.getReplaces().split(",", -1))
                        .map(String::strip)
                        .collect(Collectors.toSet());
        require(!replaces.contains(name()), " replaces itself; name another route");
        Stream.of(pattern(), except()).filter(p -> p != null).forEach(pattern -> {
            try {
                endpoint.getComponent().patterns().add(pattern);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(endpoint.address() + ": " + e.getMessage());
            }
        });
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(endpoint.address() + otherwise);
        }
    }

    /** Events in flight at shutdown still need this route, like the routes at {@code direct:}. */
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
