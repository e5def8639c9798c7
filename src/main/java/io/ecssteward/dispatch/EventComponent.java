package io.ecssteward.dispatch;

import io.ecssteward.alerting.RawParameterText;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.event.Heartbeat;
import io.ecssteward.pattern.EventPatternLanguage;
import io.ecssteward.pattern.EventPatterns;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@code event:}, where an operator's own routes begin, beside the shipped ones.
 *
 * @see EventEndpoint
 */
@Component("event")
public class EventComponent extends DefaultComponent {

    /** The routes by the names of their endpoints, started or not: a name stands for one route. */
    private final Map<String, EventConsumer> names = new ConcurrentHashMap<>();

    /** Those that take events, in the order in which they were started. */
    private final List<EventConsumer> started = new CopyOnWriteArrayList<>();

    private EventPatterns patterns;

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        patterns = ((EventPatternLanguage) getCamelContext().resolveLanguage("event-pattern")).patterns();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        EventEndpoint endpoint = new EventEndpoint(uri, this, remaining);
        parameters.replaceAll((name, value) -> value instanceof String written ? RawParameterText.of(written) : value);
        RawParameterText.checkNames("event:" + remaining, parameters, EventUriFactory.PARAMETERS);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The patterns of all routes, those of the language among them. */
    EventPatterns patterns() {
        return patterns;
    }

    /** Has a route begin at this name, until it is {@linkplain #free freed}. */
    void name(EventConsumer consumer) {
        EventConsumer other = names.putIfAbsent(consumer.name(), consumer);
        if (other != null && other != consumer) {
            throw new IllegalArgumentException("event:" + consumer.name() + " is where the route " + other.getRouteId()
                    + " begins already; give each route a name of its own");
        }
    }

    void free(EventConsumer consumer) {
        names.remove(consumer.name(), consumer);
    }

    void started(EventConsumer consumer) {
        started.add(consumer);
    }

    void stopped(EventConsumer consumer) {
        started.remove(consumer);
    }

    /** The own routes that the event in the body is for. What the steward sends to itself is for none. */
    List<EventConsumer> matching(Exchange exchange) {
        if (started.isEmpty()
                || !(exchange.getMessage().getBody() instanceof Event event)
                || event instanceof Heartbeat
                || event instanceof FollowUp) {
            return List.of();
        }
        return started.stream()
                .filter(c -> patterns.match(c.pattern(), event.payload().json(), exchange))
                .toList();
    }
}
