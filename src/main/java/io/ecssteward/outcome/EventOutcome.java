package io.ecssteward.outcome;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * What became of one event: what was done about it, and what was not and why. It travels with the exchange, and with
 * every copy that a route makes of the exchange, so that one line can tell the whole story in the end.
 */
public final class EventOutcome {

    private static final String PROPERTY = "StewardOutcome";

    /** The route that hands every event to another, unless it says by itself what is to be done. */
    private static final String CHOOSING = "branch";

    private final List<Action> performed = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final Trace trace;
    private String route;

    /** An outcome of no exchange's event, without a trace. */
    public EventOutcome() {
        this(null);
    }

    private EventOutcome(Trace trace) {
        this.trace = trace;
    }

    /**
     * Something that was decided against.
     *
     * @param reason why
     * @param about what, for the log: {@code redeploy/prod/web}
     */
    public record Skipped(SkipReason reason, String about) {
        @Override
        public String toString() {
            return reason + " (" + about + ")";
        }
    }

    /** The outcome that this exchange's event is meeting; begins one when there is none yet. */
    public static EventOutcome of(Exchange exchange) {
        EventOutcome eventOutcome = exchange.getProperty(PROPERTY, EventOutcome.class);
        return eventOutcome == null ? begin(exchange) : eventOutcome;
    }

    /** Begins an outcome for the event that this exchange now carries, forgetting an earlier one. */
    public static EventOutcome begin(Exchange exchange) {
        EventOutcome eventOutcome = new EventOutcome(Trace.of(exchange));
        exchange.setProperty(PROPERTY, eventOutcome);
        return eventOutcome;
    }

    /** The outcome that this exchange's event is meeting; null when none has begun. */
    static EventOutcome begun(Exchange exchange) {
        return exchange.getProperty(PROPERTY, EventOutcome.class);
    }

    /** Remembers the first route that takes the event on, unless it is the one that only chooses. */
    public synchronized void entered(String routeId) {
        if (route == null || route.equals(CHOOSING)) {
            route = routeId;
        }
    }

    /** The route that was chosen for the event; null when none was. */
    public synchronized String route() {
        return route;
    }

    /** Where in which trace the outcome began; null without a trace. */
    public Trace trace() {
        return trace;
    }

    /** Whether anything was done, in one word: {@code performed} or {@code ignored}. */
    public synchronized String outcome() {
        return performed.isEmpty() ? "skipped" : "performed";
    }

    /** Why something was not done, each reason once, in order: {@code duplicate}. Empty when everything was done. */
    public synchronized List<SkipReason> reasons() {
        return performed.isEmpty() && skipped.isEmpty()
                ? List.of(SkipReason.IGNORED)
                : skipped.stream().map(Skipped::reason).distinct().toList();
    }

    /** Remembers something that was done. */
    public synchronized void performed(Action effect) {
        performed.add(effect);
    }

    /** Remembers something that was decided against. */
    public synchronized void skipped(SkipReason reason, String about) {
        skipped.add(new Skipped(reason, about));
    }

    /** What was done, in order. */
    public synchronized List<Action> performed() {
        return List.copyOf(performed);
    }

    /** What was not done, in order. */
    public synchronized List<Skipped> skipped() {
        return List.copyOf(skipped);
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        performed().forEach(e -> parts.add(e.sink() + " " + e.operation() + " " + e.about()));
        skipped().forEach(n -> parts.add(n.toString()));
        return parts.isEmpty() ? SkipReason.IGNORED.word() : String.join(", ", parts);
    }
}
