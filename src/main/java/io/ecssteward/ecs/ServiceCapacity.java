package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.ecs.CapacityDecision.Outcome;
import io.ecssteward.ecs.CapacityDecision.Rules;
import io.ecssteward.ecs.CapacityDecision.Wish;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.event.TaskStateChange;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * Makes sure that one service has capacity, for one event: reads the service from ECS, {@linkplain CapacityDecision
 * decides}, makes at most one change, and sets when to check again. It is idempotent and survives a crash at any point:
 * the tag is written first, and the next check resumes from there.
 *
 * <p>The first check decides with a DescribeServices response for up to ten services. A change is queued by urgency and
 * then decides again, alone, while it holds the lock that {@link ServiceChange} also takes, so that a person's click
 * and a move do not interfere.
 *
 * <p>Long because all steps for one service are here, from the first check to the headers.
 */
final class ServiceCapacity {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceCapacity.class);

    /** An older placement failure is not evidence about the present. */
    private static final Duration MAX_NEWS_AGE = Duration.ofMinutes(5);

    /** How much earlier than the follow-up's delay its key expires, so that the follow-up can send the next one. */
    private static final Duration EARLY = Duration.ofSeconds(30);

    /**
     * Our choice: checks that are due within this time have a key of their own, so later checks do not hold them back.
     */
    private static final Duration NEAR = Duration.ofMinutes(6);

    /** @see software.amazon.awssdk.services.ecs.model.ClusterNotFoundException */
    private static final String CLUSTER_GONE = "ClusterNotFoundException";

    private final EcsServiceEndpoint endpoint;
    private final EcsServices ecs;
    private final Exchange exchange;
    private final Event event;
    private final String cluster;
    private final String name;
    private final Rules rules;
    private final Wish wish;
    private final boolean followUp;
    private CapacitySituation situation;

    /** @param event the event; may be null when the parameters name the service */
    ServiceCapacity(
            EcsServiceEndpoint endpoint,
            EcsServices ecs,
            Exchange exchange,
            Event event,
            String cluster,
            String name,
            Rules rules,
            Wish wish) {
        this.endpoint = endpoint;
        this.ecs = ecs;
        this.exchange = exchange;
        this.event = event;
        this.cluster = cluster;
        this.name = name;
        this.rules = rules;
        this.wish = wish;
        followUp = exchange.getMessage().getBody() instanceof FollowUp;
    }

    /**
     * Checks first, which is quick, and queues a change by urgency.
     *
     * @param then receives a supplier of the outcome, which throws if there was a failure; it must not block its thread
     */
    void ensure(Consumer<Supplier<String>> then) {
        EcsServiceComponent component = endpoint.getComponent();
        if (name == null) {
            then.accept(() -> ecs.skipped(SkipReason.NO_SERVICE, "capacity/" + cluster));
            return;
        }
        Consumer<Supplier<String>> over = work -> then.accept(() -> outcome(work));
        Consumer<RuntimeException> failed = failure -> over.accept(() -> {
            throw failure;
        });
        component
                .dueServices()
                .add(
                        DueServices.CHECK,
                        cluster,
                        name,
                        found -> {
                            try {
                                CapacityDecision decision = decide(found);
                                if (decision.changes()) {
                                    component
                                            .dueServices()
                                            .add(
                                                    rank(decision, found),
                                                    () -> over.accept(() -> change(found, component.getClaims())));
                                } else {
                                    over.accept(() -> done(decision, found));
                                }
                            } catch (RuntimeException e) {
                                failed.accept(e);
                            }
                        },
                        failed);
    }

    /** A failed follow-up schedules another one, because there may be no other check of a service that is on-demand. */
    private String outcome(Supplier<String> work) {
        exchange.getMessage().removeHeader(EcsServiceEndpoint.NEXT);
        try {
            return work.get();
        } catch (PermanentFailureException | TransientFailureException e) {
            if (!followUp || e instanceof ClaimHeldException) {
                throw e;
            }
            if (e instanceof PermanentFailureException refused && CLUSTER_GONE.equals(refused.code())) {
                // The cluster was deleted, and the service with it.
                return done(decide(null), null);
            }
            boolean soon = e instanceof TransientFailureException;
            checkAgain(
                    soon ? CapacityDecision.CHECK_INTERVAL : CapacityDecision.LONGEST,
                    soon,
                    event.payload().resource(),
                    event.clusterArn());
            throw e;
        }
    }

    /** The facts of the last decision. */
    CapacitySituation situation() {
        return situation;
    }

    /**
     * Decides what to do.
     *
     * @param found what DescribeServices returned; null when ECS does not know the service
     */
    CapacityDecision decide(Service found) {
        Instant now = now();
        Optional<SkipReason> untouchable =
                ecs.otherRegion() ? Optional.of(SkipReason.OTHER_REGION) : ecs.untouchable(found);
        boolean failover = found == null
                // A follow-up exists only because the policy was to fail over.
                ? followUp || endpoint.getSpotPolicy().equals(SpotPolicy.FAILOVER)
                : SpotPolicy.of(endpoint.getSpotPolicy(), endpoint.getSpotPolicies(), cluster, found)
                        .word()
                        .equals(SpotPolicy.FAILOVER);
        boolean noted = found != null && (failover || FailoverTag.on(found) != null);
        CapacityNotes notes = noted ? notes(found) : null;
        Instant before = noted ? notes.missingSince() : null;
        Instant missingSince = before;
        if (noted && untouchable.isEmpty()) {
            boolean interrupted = !followUp && event instanceof TaskStateChange task && task.spotInterruption();
            missingSince = CapacitySituation.missingSince(
                    before,
                    CapacitySituation.missing(found),
                    interrupted || unplaced(now) != null && CapacitySituation.isShort(found),
                    rules.failoverAfter(),
                    now);
            notes.missingSince(before, missingSince);
        }
        situation = new CapacitySituation(
                found,
                untouchable,
                failover,
                unplaced(now),
                missingSince,
                noted ? notes.bursts(now) : List.of(),
                noted ? notes.leftAlone() : null,
                noted ? notes.ours() : null,
                stalledSince(found, notes, now),
                wish,
                rules,
                now);
        return CapacityDecision.of(situation);
    }

    private Instant unplaced(Instant now) {
        boolean news = !followUp
                && event != null
                && event.spotPlacementFailure()
                && event.time() != null
                && event.time().isAfter(now.minus(MAX_NEWS_AGE));
        return news ? event.time() : null;
    }

    private CapacityNotes notes(Service found) {
        return new CapacityNotes(endpoint.getComponent().claimStore(), id(found));
    }

    private String id(Service found) {
        return id(found.clusterArn());
    }

    private String id(String clusterArn) {
        return (clusterArn == null ? cluster : clusterArn) + "/" + name;
    }

    private Instant now() {
        return endpoint.getComponent().clock().instant();
    }

    /** How urgent the change is: the share of the tasks that run. */
    private static double rank(CapacityDecision decision, Service found) {
        boolean moves = decision.outcome() == Outcome.MOVED;
        int desired = found.desiredCount() == null ? 0 : found.desiredCount();
        int running = found.runningCount() == null ? 0 : found.runningCount();
        return moves && desired > 0 ? Math.min(1, (double) running / desired) : DueServices.NOT_URGENT;
    }

    /** Decides again and makes the change, while holding the lock. */
    private String change(Service before, ClaimRepository claims) {
        return alone(before, claims, found -> {
            CapacityDecision decision = decide(found);
            return decision.changes() ? make(decision, found) : done(decision, found);
        });
    }

    /**
     * Runs the work while holding the lock on changes of the service. Other changes fail meanwhile and are retried.
     *
     * @param claims the claims on redeployments; null for none
     * @param work receives what DescribeServices returns then; null when ECS no longer knows the service
     */
    String alone(Service before, ClaimRepository claims, Function<Service, String> work) {
        String lock = "change/" + id(before);
        if (claims != null) {
            ServiceChange.claim(claims, exchange, lock, Duration.ZERO);
        }
        try {
            return work.apply(EcsServices.describe(endpoint.getComponent().getEcsClient(), cluster, List.of(name))
                    .get(name));
        } finally {
            if (claims != null) {
                claims.remove(exchange, lock);
            }
        }
    }

    /** Makes the change of this decision. Returns the outcome. */
    String make(CapacityDecision decision, Service found) {
        CapacityNotes notes = notes(found);
        tag(decision, found, notes);
        if (decision.outcome() == Outcome.MOVE_FAILED) {
            notes.leaveAlone(SkipReason.COOLDOWN, rules.calmTime());
        } else if (decision.outcome() == Outcome.BY_HAND || decision.outcome() == Outcome.MOVED) {
            // If a person removes the tag after a move, the service is left alone. Noted only once the tag is set.
            notes.leaveAlone(
                    SkipReason.CHANGED_BY_HAND,
                    decision.tag() == null ? rules.calmTime() : decision.tag().calm());
        } else if (decision.untag()) {
            notes.noLongerLeftAlone();
        }
        if (decision.strategy() != null) {
            String outcome = update(decision, found);
            if (!outcome.equals(EcsServiceEndpoint.UPDATED)) {
                return outcome;
            }
            notes.missingSince(Instant.EPOCH, null);
            if (ecs.began() != null) {
                notes.ours(ecs.began(), now());
            }
        }
        return done(decision, found);
    }

    /**
     * Sets or removes the tag before anything else, because the way back is only in the tag. If ECS rejects a tag, it
     * would reject it again, so the next attempt to move is after the calm time.
     */
    private void tag(CapacityDecision decision, Service found, CapacityNotes notes) {
        try {
            if (decision.untag()) {
                ecs.untag(found, cluster, FailoverTag.KEY);
            } else {
                ecs.tag(found, cluster, FailoverTag.KEY, decision.tag().toString());
            }
        } catch (PermanentFailureException e) {
            if (decision.outcome() != Outcome.MOVED || CLUSTER_GONE.equals(e.code())) {
                throw e;
            }
            notes.leaveAlone(SkipReason.COOLDOWN, decision.tag().calm());
            checkAgain(CapacityDecision.LONGEST, false, found);
            throw new PermanentFailureException(e.getMessage() + "; nothing was moved");
        }
    }

    /**
     * Updates the service. If ECS rejects the update, it would reject it again: the previous tag is restored, and the
     * next attempt is after the calm time.
     */
    private String update(CapacityDecision decision, Service found) {
        boolean moves = decision.outcome() == Outcome.MOVED;
        try {
            return ecs.update(
                    moves ? "moving to on-demand" : "moving back to Spot",
                    cluster,
                    name,
                    UpdateServiceRequest.builder()
                            .capacityProviderStrategy(decision.strategy().items())
                            .forceNewDeployment(true),
                    "capacity/" + cluster + "/" + name);
        } catch (TransientFailureException e) {
            throw wish == Wish.NONE || e instanceof RetryAfterException
                    ? e
                    : new TransientFailureException(
                            e.getMessage() + "; its tag is set, and ECS may have made the change"
                                    + " all the same. Ask again: it is not made twice");
        } catch (PermanentFailureException e) {
            try {
                String before = FailoverTag.on(found);
                if (before == null) {
                    ecs.untag(found, cluster, FailoverTag.KEY);
                } else if (moves) {
                    ecs.tag(found, cluster, FailoverTag.KEY, before);
                } else {
                    FailoverTag tag = decision.tag();
                    ecs.tag(
                            found,
                            cluster,
                            FailoverTag.KEY,
                            FailoverTag.onDemand(tag.kept(), now(), tag.calm()).toString());
                }
                if (moves) {
                    notes(found).leaveAlone(SkipReason.COOLDOWN, decision.tag().calm());
                }
                checkAgain(CapacityDecision.LONGEST, false, found);
            } catch (RuntimeException failure) {
                LOG.warn("{}; so the tag {} of {}/{} is ahead", failure.getMessage(), FailoverTag.KEY, cluster, name);
            }
            throw e;
        }
    }

    /** Sets the headers with the result. Returns the outcome. */
    private String done(CapacityDecision decision, Service found) {
        Message message = exchange.getMessage();
        String about = "capacity/" + cluster + "/" + name;
        if (decision.refused() != null) {
            ecs.skipped(decision.refused(), about);
        }
        message.setHeader(EcsServiceEndpoint.DETAIL, CapacityTexts.of(decision, cluster + "/" + name, situation));
        message.setHeader(EcsServiceEndpoint.ASKED, now());
        message.setHeader(EcsServiceEndpoint.UNTIL, CapacityTexts.until(decision, found));
        message.removeHeader(EcsServiceEndpoint.NEXT);
        if (decision.next() != null && found != null) {
            checkAgain(decision.next(), decision.quick(), found);
        }
        return decision.word();
    }

    private void checkAgain(Duration next, boolean quick, Service found) {
        String its = found.clusterArn();
        checkAgain(next, quick, found.serviceArn(), its == null && event != null ? event.clusterArn() : its);
    }

    /** Sets the headers of the follow-up that checks again. */
    private void checkAgain(Duration next, boolean quick, String serviceArn, String clusterArn) {
        Message message = exchange.getMessage();
        message.setHeader(EcsServiceEndpoint.NEXT, (int) Math.max(1, next.toSeconds()));
        message.setHeader(EcsServiceEndpoint.SERVICE_ARN, serviceArn);
        message.setHeader(EcsServiceEndpoint.CLUSTER_ARN, clusterArn);
        // A distant check must not hold back one that is due soon.
        boolean soon = quick && next.compareTo(NEAR) <= 0;
        message.setHeader(EcsServiceEndpoint.FOLLOW_UP_KEY, "capacity/" + id(clusterArn) + (soon ? "/soon" : ""));
        Duration known = next.minus(EARLY);
        message.setHeader(
                EcsServiceEndpoint.FOLLOW_UP_TTL, known.isNegative() || known.isZero() ? Duration.ofSeconds(1) : known);
    }

    /** Since when the deployment in progress makes no progress; null when none is in progress. */
    private static Instant stalledSince(Service found, CapacityNotes notes, Instant now) {
        return notes == null || !Deployments.inProgress(found.deployments())
                ? null
                : found.deployments().stream()
                        .filter(d -> "PRIMARY".equals(d.status()))
                        .findFirst()
                        .map(d -> notes.stalledSince(d, now))
                        .orElse(null);
    }
}
