package io.ecssteward.fate;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * What became of one event: what was done about it, and what was not and why. It travels with the exchange, and with
 * every copy that a route makes of the exchange, so that one line can tell the whole story in the end.
 */
public final class Fate {

    private static final String PROPERTY = "StewardFate";

    /** The route that hands every event to another, unless it says by itself what is to be done. */
    private static final String CHOOSING = "branch";

    private final List<Effect> done = new ArrayList<>();
    private final List<NotDone> notDone = new ArrayList<>();
    private final Trace trace;
    private String route;

    /** A fate of no exchange's event, without a trace. */
    public Fate() {
        this(null);
    }

    private Fate(Trace trace) {
        this.trace = trace;
    }

    /**
     * Something that was decided against.
     *
     * @param reason why
     * @param about what, for the log: {@code redeploy/prod/web}
     */
    public record NotDone(Reason reason, String about) {
        @Override
        public String toString() {
            return reason + " (" + about + ")";
        }
    }

    /** The fate that this exchange's event is meeting; begins one when there is none yet. */
    public static Fate of(Exchange exchange) {
        Fate fate = exchange.getProperty(PROPERTY, Fate.class);
        return fate == null ? begin(exchange) : fate;
    }

    /** Begins a fate for the event that this exchange now carries, forgetting an earlier one. */
    public static Fate begin(Exchange exchange) {
        Fate fate = new Fate(Trace.of(exchange));
        exchange.setProperty(PROPERTY, fate);
        return fate;
    }

    /** The fate that this exchange's event is meeting; null when none has begun. */
    static Fate begun(Exchange exchange) {
        return exchange.getProperty(PROPERTY, Fate.class);
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

    /** Where in which trace the fate began; null without a trace. */
    public Trace trace() {
        return trace;
    }

    /** Whether anything was done, in one word: {@code acted} or {@code ignored}. */
    public synchronized String outcome() {
        return done.isEmpty() ? "ignored" : "acted";
    }

    /** Why something was not done, each reason once, in order: {@code duplicate}. Empty when everything was done. */
    public synchronized List<Reason> reasons() {
        return done.isEmpty() && notDone.isEmpty()
                ? List.of(Reason.NOT_INTERESTING)
                : notDone.stream().map(NotDone::reason).distinct().toList();
    }

    /** Remembers something that was done. */
    public synchronized void did(Effect effect) {
        done.add(effect);
    }

    /** Remembers something that was decided against. */
    public synchronized void didNot(Reason reason, String about) {
        notDone.add(new NotDone(reason, about));
    }

    /** What was done, in order. */
    public synchronized List<Effect> done() {
        return List.copyOf(done);
    }

    /** What was not done, in order. */
    public synchronized List<NotDone> notDone() {
        return List.copyOf(notDone);
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        done().forEach(e -> parts.add(e.sink() + " " + e.operation() + " " + e.about()));
        notDone().forEach(n -> parts.add(n.toString()));
        return parts.isEmpty() ? Reason.NOT_INTERESTING.word() : String.join(", ", parts);
    }
}
