package io.ecssteward.pattern;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import software.amazon.event.ruler.Machine;

/**
 * All patterns of the routes in one machine, which matches an event with all of them at once. What was found travels
 * with the exchange and its copies, and counts for that event only.
 */
public final class EventPatterns {

    private static final String PROPERTY = "StewardEventPatterns";

    private final Set<String> patterns = ConcurrentHashMap.newKeySet();

    /** Null until an event comes: routes are loaded one after the other, and each brings more. */
    private volatile Machine machine;

    /** The patterns that an event matches, by a machine. */
    private record Found(JsonNode event, Machine by, Set<String> patterns) {}

    /**
     * Adds a pattern; the same one often stands in more than one place.
     *
     * @throws IllegalArgumentException when it is no pattern, as {@link EventPattern#compile} says
     */
    public void add(String pattern) {
        if (!patterns.contains(pattern)) {
            EventPattern.compile(pattern);
            synchronized (this) {
                patterns.add(pattern);
                machine = null;
            }
        }
    }

    /** Whether the event that the exchange carries, which nobody changes, matches a pattern that was added. */
    public boolean match(String pattern, JsonNode event, Exchange exchange) {
        return matching(event, exchange).contains(pattern);
    }

    /** Whether some JSON, which a route may change, matches a pattern that was added. */
    public boolean match(String pattern, JsonNode json) {
        return matching(json).contains(pattern);
    }

    /** The patterns that the event matches which the exchange carries, and which nobody changes. */
    public Set<String> matching(JsonNode event, Exchange exchange) {
        Machine all = machine();
        Found found = exchange.getProperty(PROPERTY, Found.class);
        if (found == null || found.event() != event || found.by() != all) {
            found = new Found(event, all, matching(all, event));
            exchange.setProperty(PROPERTY, found);
        }
        return found.patterns();
    }

    /** The patterns that some JSON matches. */
    public Set<String> matching(JsonNode json) {
        return matching(machine(), json);
    }

    /** Text, numbers and lists match no pattern. */
    private static Set<String> matching(Machine machine, JsonNode json) {
        return json.isObject() ? Set.copyOf(machine.rulesForJSONEvent(json)) : Set.of();
    }

    private Machine machine() {
        Machine all = machine;
        return all == null ? build() : all;
    }

    /** Builds a new machine instead of adding to the old one, which other threads may be using. */
    private synchronized Machine build() {
        if (machine == null) {
            Machine all = new Machine();
            try {
                for (String pattern : patterns) {
                    all.addRule(pattern, pattern);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("adding event patterns that were compiled before", e);
            }
            machine = all;
        }
        return machine;
    }
}
