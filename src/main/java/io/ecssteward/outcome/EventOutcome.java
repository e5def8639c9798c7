package io.ecssteward.outcome;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * The outcome of one event: the actions that were performed, and those that were skipped and why. It travels with the
 * exchange and all its copies, so that one log line can report everything at the end.
 */
public final class EventOutcome {

    private static final String PROPERTY = "StewardOutcome";

    private final List<Action> performed = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final Trace trace;
    private String route;

    /** An outcome outside any exchange, without a trace. */
    public EventOutcome() {
        this(null);
    }

    /** An outcome outside any exchange; the trace is null for none. */
    public EventOutcome(Trace trace) {
        this.trace = trace;
    }

    /**
     * An action that was skipped.
     *
     * @param reason why it was skipped
     * @param about the action, for the log: {@code redeploy/prod/web}; empty for the event itself
     */
    public record Skipped(SkipReason reason, String about) {
        @Override
        public String toString() {
            return about.isEmpty() ? reason.word() : reason + " (" + about + ")";
        }
    }

    /** The outcome recorded for this exchange, creating one if absent. */
    public static EventOutcome of(Exchange exchange) {
        EventOutcome eventOutcome = exchange.getProperty(PROPERTY, EventOutcome.class);
        return eventOutcome == null ? begin(exchange) : eventOutcome;
    }

    /** Creates an outcome for the event that this exchange now carries, replacing an earlier one. */
    public static EventOutcome begin(Exchange exchange) {
        EventOutcome eventOutcome = new EventOutcome(Trace.of(exchange));
        exchange.setProperty(PROPERTY, eventOutcome);
        return eventOutcome;
    }

    /** The outcome recorded for this exchange; null if absent. */
    static EventOutcome begun(Exchange exchange) {
        return exchange.getProperty(PROPERTY, EventOutcome.class);
    }

    /** Records a route that the event enters; the first one counts. */
    public synchronized void entered(String routeId) {
        if (route == null) {
            route = routeId;
        }
    }

    /** The first route that the event entered; null if none. */
    public synchronized String route() {
        return route;
    }

    /** The position in a trace at which the outcome began; null without a trace. */
    public Trace trace() {
        return trace;
    }

    /** Whether any action was performed, in one word: {@code performed} or {@code skipped}. */
    public synchronized String outcome() {
        return performed.isEmpty() ? "skipped" : "performed";
    }

    /** The reasons why actions were skipped, each once, in order: {@code duplicate}. Empty if none was. */
    public synchronized List<SkipReason> reasons() {
        return performed.isEmpty() && skipped.isEmpty()
                ? List.of(SkipReason.IGNORED)
                : skipped.stream().map(Skipped::reason).distinct().toList();
    }

    /** Records an action that was performed. */
    public synchronized void performed(Action action) {
        performed.add(action);
    }

    /** Records an action that was skipped. */
    public synchronized void skipped(SkipReason reason, String about) {
        skipped.add(new Skipped(reason, about));
    }

    /** The performed actions, in order. */
    public synchronized List<Action> performed() {
        return List.copyOf(performed);
    }

    /** The skipped actions, in order. */
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
