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
 * Makes Slack show an incident as the store has it, and sends its events, one step after the other until nothing is
 * left to do. An incident is looked at once at a time in this process; callers in between share the next look. Each
 * step is recorded before it is made: if the result of a post is unknown, Slack is searched for it first.
 *
 * <p>Long because all that can come between the store and Slack is in one place.
 */
final class IncidentDisplay extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentDisplay.class);

    /** Longer than a post takes; after that, another process searches Slack for it. */
    private static final Duration ATTEMPT = Duration.ofSeconds(60);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(10);

    /** Ours: a look at what nothing happens to, which the store keeps for months. */
    private static final Duration AT_LEAST = Duration.ofDays(1);

    /** Ours: far more than an incident needs at once. What is left is for the next look. */
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
     * @param key its place in the store
     * @param origin the exchange that it is for, whose outcome records what was done; null for none
     * @return done when Slack shows it, as far as it is time; failed as the step that failed
     */
    CompletionStage<Void> show(String key, Exchange origin) {
        return looks.at(key, origin, this::all);
    }

    /** Whether there is something to show, or to send, at once. */
    boolean pending(String key) {
        Incident incident = store.get(key).incident();
        return incident != null
                && (!incident.outbox().isEmpty()
                        || incident.shown().attempt() != null
                        || incident.next(edits(incident), clock.instant(), rules)
                                .isPresent());
    }

    /**
     * Postpones the next sweep of it; an alert does not wait for that. Any replica may take it: this process may be
     * about to stop.
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

    /** Ends this process's attempt; Slack is searched for it first, if possible. */
    private Incident released(Incident incident) {
        Shown.Attempt attempt = incident.shown().attempt();
        return attempt == null || !attempt.by().equals(process) || edits(incident)
                ? incident.stillAttempting(process, clock.instant())
                : incident.unattempted(attempt);
    }

    /**
     * Extends the attempts of this process, which may wait for Slack, so that no other replica takes them for
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
                // What people see for the first time is news as well.
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

    /** The incident when there is nothing left to do now. */
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

    /** Nothing to do now. Each change noted when to look again; a look that was due notes the next one. */
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

    /** Applies a change, on top of what others changed meanwhile. */
    Incident change(String key, UnaryOperator<Incident> change) {
        for (int tries = 0; tries < MAX_STEPS; tries++) {
            Stored stored = store.get(key);
            Incident before = stored.incident();
            Incident after = before == null ? null : change.apply(before);
            if (after == before || save(stored, after)) {
                return after;
            }
        }
        throw new TransientFailureException("changing " + key + ": others change it all the time");
    }

    /** Whether it is saved; not when somebody else changed it meanwhile. */
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
        // Another replica may know of a silence, or of its end, before this one reads it: they would undo each other.
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

    /** When to look again; null for never, which takes it out of the index. */
    private Instant due(Incident incident) {
        Instant now = clock.instant();
        if (incident.settled(edits(incident), now, rules)) {
            return null;
        }
        Stream<Instant> silent = incident.alerts().stream()
                .filter(alert -> alert.firing() && incident.memory().held().containsKey(alert.key()))
                .map(alert ->
                        Optional.ofNullable(silences.ends(alert.latest(), now)).orElse(now));
        // What is open stays where its end is looked for, and is written from time to time, so that it stays at all.
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
