package io.ecssteward.incident;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.incident.IncidentStore.Stored;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code incidents}: applies each alert to its incident in the store, and brings Slack up to date with the
 * store. It checks an incident when an alert arrives, and every few seconds it checks all incidents that are due. After
 * a crash, an error from Slack or a conflict with another replica, the next check resumes from the stored state.
 *
 * <p>Long because every change to an incident starts here.
 */
public class Incidents extends ServiceSupport implements CamelContextAware {

    /** The exchange variable that says how an alert is shown: {@code incident}, {@code message} or {@code nothing}. */
    private static final String SHOWN_AS = "shownAs";

    /** The exchange variable with the keys of the incidents in the store. */
    private static final String INCIDENTS = "incidents";

    /** Our choice: if several replicas try at once, one of them succeeds each time. */
    private static final int MAX_TRIES = 50;

    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);

    private CamelContext camelContext;
    private IncidentRules rules;
    private String silences = "";
    private OpenIncidents open;
    private IncidentStore store;
    private IncidentDisplay display;
    private EarlyEnds ends;
    private Silences held;
    private Clock clock;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** The YAML file of planned silences: {@code file:/etc/steward/silences.yaml}; empty for none. */
    public void setSilences(String silences) {
        this.silences = silences;
    }

    @Override
    protected void doStart() throws Exception {
        clock = bound(Clock.class, Clock.systemUTC());
        ClaimStore claims = bound(ClaimStore.class, new MemoryClaimStore(clock));
        store = new IncidentStore(claims, clock);
        ends = new EarlyEnds(claims, clock);
        open = new OpenIncidents(store, camelContext.getRegistry().findByType(OpenIncidentsListener.class), clock);
        rules = bound(IncidentRules.class, IncidentRules.DEFAULT);
        held = new Silences(claims, clock, silences);
        display = new IncidentDisplay(camelContext, store, held, rules, clock);
        display.start();
    }

    @Override
    protected void doStop() throws Exception {
        display.stop();
    }

    /**
     * Applies the alert in the body to its incident, and sets a variable that says how to show it: in its incident's
     * message, as a separate message, or not at all. If the store is unavailable, a firing alert is posted as a
     * separate message.
     *
     * @throws TransientFailureException when the store is unavailable and the alert is a resolving one: it can be
     *     retried later, and without it the incident would stay open
     */
    public void take(Exchange exchange) {
        Alert alert = exchange.getMessage().getBody(Alert.class);
        String shownAs = "message";
        try {
            if (alert.about() != null) {
                shownAs = taken(alert, exchange);
            }
        } catch (TransientFailureException e) {
            if (alert.state() == Alert.State.RESOLVED) {
                throw e;
            }
            LOG.warn("{}; posting the alert as a separate message", e.getMessage());
        }
        exchange.setVariable(SHOWN_AS, shownAs);
    }

    private String taken(Alert alert, Exchange exchange) {
        List<String> taken = takenIn(alert, exchange);
        if (taken.isEmpty() && alert.state() == Alert.State.RESOLVED) {
            ends.remember(alert);
            // A replica may have opened an incident before it could see the end. Later ones see it.
            taken = takenIn(alert, exchange);
        }
        exchange.setVariable(INCIDENTS, taken);
        if (!taken.isEmpty()) {
            // An edit that only updates counts comes later. Waiting for it would block other alerts in the queue.
            return taken.stream().anyMatch(display::pending) ? "incident" : "nothing";
        }
        if (alert.state() == Alert.State.FIRING) {
            EventOutcome.of(exchange).skipped(SkipReason.STALE, alert.about());
            return "nothing";
        }
        if (!alert.quiet()) {
            // It ends no open incident. It is posted anyway, because the store may have lost the firing alert.
            return "message";
        }
        EventOutcome.of(exchange).skipped(SkipReason.NO_INCIDENT, alert.about());
        return "nothing";
    }

    /**
     * A resolving alert applies in all channels: the firing alert may have gone to another one because of its severity.
     */
    private List<String> takenIn(Alert alert, Exchange exchange) {
        List<String> keys = alert.state() == Alert.State.RESOLVED
                ? store.about(alert.about())
                : List.of(IncidentStore.key(alert.channel(), alert.about()));
        return keys.stream().filter(key -> taken(key, alert, exchange)).toList();
    }

    /** Applies the alert to the incident with this key; false if the alert has nothing to do with the incident. */
    private boolean taken(String key, Alert alert, Exchange exchange) {
        for (int tries = 1; tries <= MAX_TRIES; tries++) {
            Instant now = clock.instant();
            Stored stored = store.get(key);
            Incident before = stored.incident();
            boolean anew = before == null || before.over(now, rules) && !before.knows(alert);
            boolean over = anew && ends.of(alert) != null;
            Incident after = anew ? Incident.of(alert, now, rules) : before.apply(alert, now, rules);
            if (after == null || over) {
                return false;
            }
            if (after == before || saved(stored, anew, after)) {
                if (alert.state() == Alert.State.RESOLVED
                        && after.alerts().stream().noneMatch(one -> alert.ends(one.latest()))) {
                    return false;
                }
                record(exchange, alert, anew ? null : before, after);
                if (anew) {
                    end(key, ends.of(alert));
                }
                return true;
            }
        }
        throw new TransientFailureException("changing " + key + ": other replicas keep changing it");
    }

    /** Applies an end that arrived while the incident was opened, or at another replica; null for none. */
    private void end(String key, Alert end) {
        if (end != null) {
            display.change(key, incident -> incident.apply(end, clock.instant(), rules));
        }
    }

    private boolean saved(Stored stored, boolean anew, Incident after) {
        if (anew && stored.incident() != null) {
            store.archive(stored.incident());
        }
        // The previous incident is over, so listeners get the new one without a predecessor.
        return display.save(anew ? new Stored(stored.key(), null, stored.version()) : stored, after);
    }

    private static void record(Exchange exchange, Alert alert, Incident before, Incident after) {
        if (after == before) {
            EventOutcome.of(exchange).skipped(SkipReason.DUPLICATE, "incident/" + after.id());
            return;
        }
        StoryLine last = after.story().get(after.story().size() - 1);
        String what = before != null && before.lastLine() == after.lastLine()
                ? "Count"
                : last.kind().name().charAt(0) + last.kind().name().substring(1).toLowerCase(Locale.ROOT);
        EventOutcome.of(exchange)
                .performed(new Action(
                        "incident",
                        what,
                        after.id(),
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("id", after.id())
                                .put("about", after.about())
                                .put("status", EnumWord.of(after.status())),
                        alert));
    }

    /**
     * Shows the incidents that the alert in the body was applied to.
     *
     * @return the alert, once Slack shows the incidents, or once a durable store holds them for a later check
     */
    public CompletionStage<Alert> show(Exchange exchange) {
        Alert alert = exchange.getMessage().getBody(Alert.class);
        List<?> keys = exchange.getVariable(INCIDENTS, List.class);
        return CompletableFuture.allOf(keys.stream()
                        .map(key -> shown(key.toString(), exchange))
                        .toArray(CompletableFuture[]::new))
                .thenApply(shown -> alert);
    }

    private CompletableFuture<Void> shown(String key, Exchange exchange) {
        return display.show(key, exchange)
                .exceptionally(failure -> {
                    if (!(store.durable() && failure instanceof TransientFailureException)) {
                        throw new CompletionException(failure);
                    }
                    LOG.warn("{}; {} is shown later", failure.getMessage(), key);
                    return null;
                })
                .toCompletableFuture();
    }

    /** Checks each incident that is due. */
    public CompletionStage<Void> sweep() {
        List<Stored> due;
        try {
            renew();
            open.count();
            List<IncidentIndex.Entry> entries = store.entries();
            entries.forEach(entry -> ends.take(entry.about()).forEach(end -> end(entry.key(), end)));
            boolean others = held.changed();
            Instant now = clock.instant();
            due = store.stored(entries.stream()
                    .filter(entry -> !entry.due().isAfter(now) || others && entry.silenced())
                    .toList());
        } catch (TransientFailureException e) {
            LOG.warn("{}; incidents are checked later", e.getMessage());
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.allOf(due.stream()
                .map(stored -> display.show(stored.key(), null)
                        .exceptionally(failure -> {
                            LOG.warn("{}: {}", stored.key(), failure.getMessage());
                            return null;
                        })
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Extends the attempts of this process, so that no other replica considers them abandoned. */
    public void renew() {
        display.renew();
    }

    /**
     * Changes an incident on behalf of a person or a route, and shows the change.
     *
     * @param id the id that its message shows
     * @param origin the exchange that caused the change; null for none
     * @return the changed incident; empty if there is none with this id. If Slack does not accept the change now, it is
     *     shown later
     * @throws TransientFailureException when the store is unavailable
     */
    public Optional<Incident> change(String id, UnaryOperator<Incident> change, Exchange origin) {
        Stored found = store.byId(id);
        if (found.incident() == null) {
            return Optional.empty();
        }
        Incident changed = display.change(
                found.key(),
                incident -> incident.id().equals(found.incident().id()) ? change.apply(incident) : incident);
        display.show(found.key(), origin).exceptionally(failure -> {
            LOG.warn("{}; {} is shown later", failure.getMessage(), found.key());
            return null;
        });
        return Optional.ofNullable(changed);
    }

    /** The incident with this id; empty if there is none. */
    public Optional<Incident> byId(String id) {
        return Optional.ofNullable(store.byId(id).incident());
    }

    /** The silences. */
    public Silences silences() {
        return held;
    }

    /** The open incidents, and those that ended a short while ago. */
    public List<Incident> open() {
        return store.indexed().stream().map(Stored::incident).toList();
    }

    /** Whether an incident about this is open, in any channel, or was a short while ago. */
    public boolean open(String about) {
        return !store.about(about).isEmpty();
    }

    /** When the next incident is due; null when none is. */
    public Instant due() {
        return store.nextDue();
    }

    private <T> T bound(Class<T> type, T otherwise) {
        T bound = camelContext.getRegistry().findSingleByType(type);
        return bound == null ? otherwise : bound;
    }
}
