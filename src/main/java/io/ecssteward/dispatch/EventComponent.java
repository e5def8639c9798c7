package io.ecssteward.dispatch;

import io.ecssteward.alerting.RawParameterText;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.pattern.EventPattern;
import io.ecssteward.pattern.EventPatternLanguage;
import io.ecssteward.pattern.EventPatterns;
import io.ecssteward.pattern.Mismatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@code event:}. Built-in and custom routes for events consume from it, and it decides which
 * routes get an event.
 *
 * <p>All routes are registered before the first of them starts, so that no event arrives too early
 * ({@link EventConsumer#setRoute}).
 *
 * @see EventEndpoint
 */
@Component("event")
public class EventComponent extends DefaultComponent {

    private final Map<String, EventConsumer> names = new LinkedHashMap<>();

    /** Custom routes first, because the log names the first route that gets an event. */
    private volatile List<EventConsumer> routes = List.of();

    private EventPatterns patterns;

    @Metadata(
            defaultValue = "true",
            description = "Whether the routes that want an event get it at the same time, or one after another")
    private boolean parallelProcessing = true;

    /**
     * Whether a route gets an event.
     *
     * @param pattern the route's pattern; null for the fallback
     * @param mismatch why the route does not get the event; null if it does
     */
    public record Verdict(Route route, String pattern, Mismatch mismatch) {}

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        patterns = ((EventPatternLanguage) getCamelContext().resolveLanguage("event-pattern")).patterns();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        EventEndpoint endpoint = new EventEndpoint(uri, this, remaining);
        parameters.replaceAll(
                (name, value) -> value instanceof String written ? RawParameterText.decode(written) : value);
        RawParameterText.checkNames("event:" + remaining, parameters, EventUriFactory.PARAMETERS);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** Whether all routes that match an event get it at the same time. */
    public boolean isParallelProcessing() {
        return parallelProcessing;
    }

    /**
     * Sets whether all routes that match an event get it at the same time, or one after another, built-in ones first.
     * In parallel is faster; one after another gives the same order each time.
     */
    public void setParallelProcessing(boolean parallelProcessing) {
        this.parallelProcessing = parallelProcessing;
    }

    /** The patterns of all routes, including those of the expression language. */
    EventPatterns patterns() {
        return patterns;
    }

    /** Registers a route for the lifetime of this component: messages in flight at shutdown still need it. */
    synchronized void add(EventConsumer consumer) {
        EventConsumer other = names.putIfAbsent(consumer.name(), consumer);
        if (other != null && other != consumer) {
            throw new IllegalArgumentException(consumer.getEndpoint().address() + " is where the route "
                    + other.getRouteId() + " already exists; give each route its own name");
        }
        routes = names.values().stream()
                .sorted(Comparator.comparing(EventConsumer::custom).reversed())
                .toList();
    }

    /** The id of the route that consumes from this endpoint; null for none, as for {@code event:dispatch}. */
    public synchronized String routeId(EventEndpoint endpoint) {
        EventConsumer consumer = names.get(endpoint.routeName());
        return consumer == null ? null : consumer.getRouteId();
    }

    List<EventConsumer> routes() {
        return routes;
    }

    /** Whether any route gets the event. */
    public boolean wants(Event event) {
        return !routes(event, patterns.matching(event.payload().json())).isEmpty();
    }

    /** The routes that get the event in the body. */
    List<EventConsumer> routes(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Event event
                ? routes(event, patterns.matching(event.payload().json(), exchange))
                : List.of();
    }

    private List<EventConsumer> routes(Event event, Set<String> matching) {
        boolean internal = internal(event);
        List<EventConsumer> taking = new ArrayList<>();
        List<EventConsumer> fallbacks = new ArrayList<>();
        // A plain loop, because each event is checked against each route, and ignored events must cost little.
        for (EventConsumer route : routes) {
            if (route.takes(internal, matching)) {
                (route.fallback() ? fallbacks : taking).add(route);
            }
        }
        if (taking.isEmpty()) {
            taking = fallbacks;
        }
        if (taking.size() < 2) {
            return taking;
        }
        Set<String> replaced =
                taking.stream().flatMap(route -> route.replaces().stream()).collect(Collectors.toSet());
        List<EventConsumer> left =
                taking.stream().filter(r -> !replaced.contains(r.name())).toList();
        // If routes replace each other, all of them get the event, rather than none.
        return left.isEmpty() ? taking : left;
    }

    /** Whether it is a follow-up, which Steward sent to itself. Only routes whose pattern names its source get it. */
    private static boolean internal(Event event) {
        return FollowUp.SOURCE.equals(event.payload().source());
    }

    /** Each route, and why it does not get the event. This is slow: use it for people's requests. */
    public List<Verdict> explain(Event event) {
        Set<String> matching = patterns.matching(event.payload().json());
        List<EventConsumer> chosen = routes(event, matching);
        List<Verdict> verdicts = new ArrayList<>();
        for (EventConsumer route :
                routes.stream().filter(one -> one.concerns(event)).toList()) {
            Mismatch mismatch = chosen.contains(route) ? null : mismatch(route, event, matching, chosen);
            verdicts.add(new Verdict(route.getRoute(), route.pattern(), mismatch));
        }
        return verdicts;
    }

    private Mismatch mismatch(EventConsumer route, Event event, Set<String> matching, List<EventConsumer> chosen) {
        String reason;
        if (route.pattern() != null && !matching.contains(route.pattern())) {
            return EventPattern.compile(route.pattern())
                    .mismatch(event.payload().json())
                    .orElseThrow();
        } else if (route.except() != null && matching.contains(route.except())) {
            reason = "the pattern in except matches";
        } else if (!route.takes(internal(event), matching)) {
            reason = "Steward sent this event to itself, and the pattern does not name the source " + FollowUp.SOURCE;
        } else if (route.fallback() && chosen.stream().noneMatch(EventConsumer::fallback)) {
            reason = "this is the fallback, and another route takes the event";
        } else {
            reason = routes.stream()
                            .filter(r -> r.replaces().contains(route.name()))
                            .filter(r -> r.takes(internal(event), matching))
                            .map(EventConsumer::name)
                            .collect(Collectors.joining(", "))
                    + " replaces it";
        }
        return new Mismatch(event.payload().json(), reason);
    }
}
