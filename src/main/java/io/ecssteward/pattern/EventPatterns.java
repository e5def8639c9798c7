package io.ecssteward.pattern;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import software.amazon.event.ruler.Machine;

/**
 * All patterns of the routes in one machine, which matches an event against all of them at once. The result is stored
 * in the exchange and its copies, and is valid for that event only.
 */
public final class EventPatterns {

    private static final String PROPERTY = "StewardEventPatterns";

    private final Set<String> patterns = ConcurrentHashMap.newKeySet();

    /** Null until the first event: routes are loaded one after the other, and each adds patterns. */
    private volatile Machine machine;

    /** The patterns that an event matches, according to a machine. */
    private record Found(JsonNode event, Machine by, Set<String> patterns) {}

    /**
     * Adds a pattern, which may already have been added.
     *
     * @throws IllegalArgumentException if it is not a pattern, as in {@link EventPattern#compile}
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

    /** Whether the exchange's event, which must not change, matches a pattern that was added. */
    public boolean match(String pattern, JsonNode event, Exchange exchange) {
        return matching(event, exchange).contains(pattern);
    }

    /** Whether any JSON, which may change later, matches a pattern that was added. */
    public boolean match(String pattern, JsonNode json) {
        return matching(json).contains(pattern);
    }

    /** The patterns that the exchange's event, which must not change, matches. */
    public Set<String> matching(JsonNode event, Exchange exchange) {
        Machine all = machine();
        Found found = exchange.getProperty(PROPERTY, Found.class);
        if (found == null || found.event() != event || found.by() != all) {
            found = new Found(event, all, matching(all, event));
            exchange.setProperty(PROPERTY, found);
        }
        return found.patterns();
    }

    /** The patterns that any JSON matches. */
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
