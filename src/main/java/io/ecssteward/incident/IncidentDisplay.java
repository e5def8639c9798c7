package io.ecssteward.incident;

import io.ecssteward.failure.Failures;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.incident.IncidentStore.Stored;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings Slack up to date with an incident in the store and sends the incident's events, step by step until nothing is
 * left to do. This process runs one check of an incident at a time; calls during a check share the next one. Each step
 * is recorded before it is made. If the result of a post is unknown, Slack is searched for the message first.
 *
 * <p>Long because everything that can go wrong between the store and Slack is handled in one place.
 */
final class IncidentDisplay extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentDisplay.class);

    /** Longer than a post takes; after that, another process searches Slack for the message. */
    private static final Duration ATTEMPT = Duration.ofSeconds(60);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(10);

    /**
     * Our choice: how often an idle open incident is checked, and thereby written again, since the store expires
     * documents.
     */
    private static final Duration AT_LEAST = Duration.ofDays(1);

    /** Our choice: far more than an incident needs at once. The next check makes the remaining steps. */
    private static final int MAX_STEPS = 20;

    private final CamelContext camel;
    private final IncidentStore store;
    private final Silences silences;
    private final IncidentRules rules;
    private final Clock clock;
    private final String process = UUID.randomUUID().toString();
    private final SerialRuns looks = new SerialRuns();
    private final Set<String> posting = ConcurrentHashMap.newKeySet();
    private AsyncProducer slack;
    private AsyncProducer events;
    private IncidentChat chat;
    private Set<IncidentListener> listeners = Set.of();

    IncidentDisplay(CamelContext camel, IncidentStore store, Silences silences, IncidentRules rules, Clock clock) {
        this.camel = camel;
        this.store = store;
        this.silences = silences;
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    protected void doStart() throws Exception {
        chat = camel.getComponent("slack") instanceof IncidentChat able ? able : null;
        slack = camel.getEndpoint("direct:post-to-channel").createAsyncProducer();
        events = camel.getEndpoint("direct:incident-event").createAsyncProducer();
        listeners = camel.getRegistry().findByType(IncidentListener.class);
        ServiceHelper.startService(slack, events);
    }

    @Override
    protected void doStop() {
        ServiceHelper.stopService(slack, events);
    }

    /**
     * Shows an incident.
     *
     * @param key its key in the store
     * @param origin the exchange that caused this, whose outcome records the actions; null for none
     * @return completed when all steps that are due now are made; failed with the exception of the step that failed
     */
    CompletionStage<Void> show(String key, Exchange origin) {
        return looks.at(key, origin, this::all);
    }

    /** Whether a message or an event has to be sent now. */
    boolean pending(String key) {
        Incident incident = store.get(key).incident();
        return incident != null
                && (!incident.outbox().isEmpty()
                        || incident.shown().attempt() != null
                        || incident.next(edits(incident), clock.instant(), rules)
                                .isPresent());
    }

    /**
     * Postpones its next sweep; a new alert does not wait for that. Any replica may run that sweep, because this
     * process may be about to stop.
     */
    private void putOff(String key, Throwable failure) {
        try {
            Stored stored = store.get(key);
            if (stored.incident() != null) {
                Duration wait = failure instanceof TransientFailureException ? AFTER_FAILURE : AFTER_REFUSAL;
                store.save(stored, released(stored.incident()), clock.instant().plus(wait));
            }
        } catch (TransientFailureException e) {
            LOG.debug("{}; so it is due as before", e.getMessage());
        }
    }

    /** Gives up this process's attempt. The next check searches Slack for the message first, if possible. */
    private Incident released(Incident incident) {
        Shown.Attempt attempt = incident.shown().attempt();
        return attempt == null || !attempt.by().equals(process) || edits(incident)
                ? incident.stillAttempting(process, clock.instant())
                : incident.unattempted(attempt);
    }

    /**
     * Extends the attempts of this process, which may be waiting for Slack, so that no other replica considers them
     * abandoned.
     */
    void renew() {
        posting.forEach(key -> {
            try {
                change(
                        key,
                        incident -> incident.stillAttempting(
                                process, clock.instant().plus(ATTEMPT)));
            } catch (TransientFailureException e) {
                LOG.warn("{}; another replica may post it too", e.getMessage());
            }
        });
    }

    /** Events are sent even while Slack is down. */
    private CompletionStage<Void> all(String key, Exchange origin) {
        CompletionStage<Void> announced = announced(key, origin);
        return SerialRuns.started(() -> steps(key, origin, 0))
                .thenCombine(announced, (shown, sent) -> shown)
                // Posting an alert for the first time may add an event to the outbox.
                .thenCompose(shown -> shown == null || shown.outbox().isEmpty() ? announced : announced(key, origin))
                .whenComplete((shown, failure) -> {
                    if (failure != null) {
                        putOff(key, Failures.unwrapped(failure));
                    }
                });
    }

    private CompletionStage<Void> announced(String key, Exchange origin) {
        return SerialRuns.started(() -> announce(key, origin)).exceptionally(failure -> {
            LOG.warn(
                    "{}: {}; it is sent again later",
                    key,
                    Failures.unwrapped(failure).getMessage());
            return null;
        });
    }

    /** Makes steps until nothing is left to do now; completed with the incident. */
    private CompletionStage<Incident> steps(String key, Exchange origin, int done) {
        Stored stored = store.get(key);
        Incident incident = stored.incident();
        if (incident == null || done > MAX_STEPS) {
            return CompletableFuture.completedFuture(incident);
        }
        boolean edits = edits(incident);
        Instant now = clock.instant();
        Incident passed = silenced(incident.pass(now, rules), now);
        if (passed != incident) {
            save(stored, passed);
            return steps(key, origin, done + 1);
        }
        Shown.Attempt attempt = incident.shown().attempt();
        if (attempt != null) {
            return attempt.by().equals(process) || !now.isBefore(attempt.until())
                    ? resume(stored, origin, done)
                    : later(stored, attempt.until(), origin);
        }
        Optional<Step> step = incident.next(edits, now, rules);
        if (step.isEmpty()) {
            return later(stored, due(incident), origin);
        }
        Incident noted = incident.attempting(step.get(), process, now.plus(ATTEMPT));
        return store.save(stored, noted, now.plus(ATTEMPT))
                ? make(key, step.get(), origin, done)
                : steps(key, origin, done + 1);
    }

    private CompletionStage<Incident> make(String key, Step step, Exchange origin, int done) {
        posting.add(key);
        return sent(slack, step, origin)
                .handle((answer, failure) -> {
                    posting.remove(key);
                    if (failure == null) {
                        Step.Posted posted = answer.getBody(Step.Posted.class);
                        change(key, incident -> incident.applyResult(step, posted, clock.instant()));
                    } else if (Failures.unwrapped(failure) instanceof MessageGoneException gone) {
                        LOG.warn("{}; another message takes over", gone.getMessage());
                        change(key, incident -> incident.moved(step, gone.getMessage(), clock.instant()));
                    } else {
                        throw new CompletionException(Failures.unwrapped(failure));
                    }
                    return answer;
                })
                .thenCompose(answer -> steps(key, origin, done + 1));
    }

    /** Resumes after a step of unknown result. */
    private CompletionStage<Incident> resume(Stored stored, Exchange origin, int done) {
        boolean post = stored.incident().shown().attempt().what() != Shown.Attempt.What.EDIT;
        return SerialRuns.started(() -> post && edits(stored.incident())
                        ? chat.find(stored.incident())
                        : CompletableFuture.<Step.Posted>completedFuture(null))
                .exceptionally(failure -> {
                    if (Failures.unwrapped(failure) instanceof PermanentFailureException refused) {
                        LOG.warn("{}; this may post it twice", refused.getMessage());
                        return null;
                    }
                    throw new CompletionException(Failures.unwrapped(failure));
                })
                .thenCompose(found -> {
                    Shown.Attempt attempt = stored.incident().shown().attempt();
                    change(
                            stored.key(),
                            incident -> found != null
                                    ? incident.recovered(attempt, found, clock.instant())
                                    : attempt.by().equals(process)
                                            ? incident.unattempted(attempt)
                                            : incident.lost(attempt));
                    return steps(stored.key(), origin, done + 1);
                });
    }

    private CompletionStage<Message> sent(AsyncProducer to, Object body, Exchange origin) {
        Exchange exchange =
                origin == null ? new DefaultExchange(camel) : ExchangeHelper.createCorrelatedCopy(origin, false);
        exchange.getMessage().setBody(body);
        CompletableFuture<Message> sent = new CompletableFuture<>();
        to.process(exchange, doneSync -> {
            if (exchange.getException() != null) {
                sent.completeExceptionally(exchange.getException());
            } else {
                sent.complete(exchange.getMessage());
            }
        });
        return sent;
    }

    /** Nothing to do now. Each change stores when to check next; a sweep stores the time of the next check. */
    private CompletionStage<Incident> later(Stored stored, Instant due, Exchange origin) {
        if (origin == null) {
            store.save(stored, stored.incident(), due);
        }
        return CompletableFuture.completedFuture(stored.incident());
    }

    /** Sends the incident's events, in order. After a crash, one may be sent again, with the same identity. */
    private CompletionStage<Void> announce(String key, Exchange origin) {
        Incident incident = store.get(key).incident();
        if (incident == null || incident.outbox().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Incident.Announcement next = incident.outbox().get(0);
        return sent(events, IncidentEvents.message(incident, next), origin).thenCompose(done -> {
            change(key, changed -> changed.announced(next));
            return announce(key, origin);
        });
    }

    /** Applies a change on top of concurrent changes. */
    Incident change(String key, UnaryOperator<Incident> change) {
        for (int tries = 0; tries < MAX_STEPS; tries++) {
            Stored stored = store.get(key);
            Incident before = stored.incident();
            Incident after = before == null ? null : change.apply(before);
            if (after == before || save(stored, after)) {
                return after;
            }
        }
        throw new TransientFailureException("changing " + key + ": other replicas keep changing it");
    }

    /** Saves it; false if another thread or replica changed it meanwhile. */
    boolean save(Stored stored, Incident after) {
        if (!store.save(stored, after, due(after))) {
            return false;
        }
        Incident before = stored.incident();
        listeners.forEach(listener -> listener.changed(before, after));
        return true;
    }

    private Incident silenced(Incident incident, Instant now) {
        if (incident.silenced(holding(incident, now), now) == incident) {
            return incident;
        }
        // Another replica may have read a newer list of silences: the two replicas would undo each other's changes.
        silences.refresh();
        return incident.silenced(holding(incident, now), now);
    }

    private Map<String, String> holding(Incident incident, Instant now) {
        Map<String, String> holding = new HashMap<>();
        incident.alerts().stream()
                .filter(IncidentAlert::firing)
                .forEach(alert ->
                        silences.of(alert.latest(), now).ifPresent(silence -> holding.put(alert.key(), silence.id())));
        return holding;
    }

    /** When to check it next; null for never, which removes it from the index. */
    private Instant due(Incident incident) {
        Instant now = clock.instant();
        if (incident.settled(edits(incident), now, rules)) {
            return null;
        }
        Stream<Instant> silent = incident.alerts().stream()
                .filter(alert -> alert.firing() && incident.memory().held().containsKey(alert.key()))
                .map(alert ->
                        Optional.ofNullable(silences.ends(alert.latest(), now)).orElse(now));
        // An open incident stays in the index and is written from time to time, so that the store does not expire it.
        return Stream.concat(
                        silent,
                        Stream.of(
                                now.plus(AT_LEAST),
                                Optional.ofNullable(incident.due(edits(incident), rules))
                                        .orElse(Instant.MAX)))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private boolean edits(Incident incident) {
        return chat != null && chat.edits(incident.channel());
    }
}
