package io.ecssteward.ecs;

import io.ecssteward.limits.SqsLimits;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is done so that one service has capacity, decided from what ECS says now and nothing else: when there is no
 * Fargate Spot capacity it is moved to on-demand, and later it goes back to the strategy that it had.
 *
 * <p>The state is the service's {@linkplain FailoverTag tag}, which is written before UpdateService, beside the
 * strategy that the service has. <i>Kept</i> is the one in the tag, <i>on demand</i> that one with all tasks on
 * FARGATE.
 *
 * <pre>
 * tag        strategy   and                                              is done
 * ---------  ---------  -----------------------------------------------  ---------------------------------------
 * none       with Spot  no evidence                                      nothing; check again after an interruption,
 *                                                                        or when ECS starts what it could not place
 * none       with Spot  evidence                                         tag on-demand, update to on demand: moved
 * none       other      evidence                                         nothing: no-strategy, no-spot
 * on-demand  on demand  before its end                                   nothing; check again: on-demand
 * on-demand  on demand  before its end, and our move failed              nothing; check again: move-failed
 * on-demand  on demand  at its end                                       tag returned, update to kept: returned
 * on-demand  kept       no deployment since (we died in between), short  as if there were no tag: moved
 * on-demand  kept       no deployment since, not short                   remove the tag: settled
 * on-demand  kept       the same within an hour of a return of ours      tag returned: back
 * on-demand  kept       ECS stopped our move, or it is gone, and short   remove the tag: move-failed
 * on-demand  kept       a deployment since, over one of before the tag   remove the tag: settled, and decided anew
 * on-demand  kept       a deployment since                               remove the tag: by-hand
 * returned   on demand  no deployment since (we died in between)         tag returned, update to kept: returned
 * returned   on demand  ECS rolled the return back                       tag on-demand, twice as long: rolled-back
 * returned   kept       our return gets no tasks, or does not run them   tag and update as for moved, twice as long
 * returned   kept       in progress                                      nothing; check again: returning
 * any        any        our update is not a minute old and not seen yet  nothing; check again: in-progress
 * returned   kept       in progress for long, and ECS may start no task  nothing; check again later: stuck
 * any        any        another deployment gets no further               nothing; check again: stuck
 * any        any        ECS stopped the last deployment, and not ours    nothing; check again: deployment-failed
 * returned   kept       evidence within the hour                         tag and update as for moved, twice as long
 * returned   kept       all run, within an hour of the steady state      nothing; check again: back
 * returned   kept       all run, an hour later                           remove the tag: settled
 * any        another    somebody changed it                              remove the tag: by-hand
 * any        all tasks on FARGATE, without FARGATE_SPOT in its list, and not by our deployment: the same
 * nonsense   any        somebody wrote it                                nothing; check again: unreadable-tag
 * </pre>
 *
 * <p>Evidence is: tasks are missing, and ECS said that it cannot place one on FARGATE_SPOT; or tasks are missing for as
 * long as {@code failoverAfter}, though they do not start and stop again and again; or Spot took a large share three
 * times in an hour. Tasks that ECS is starting are not missing, because it may have found capacity for them. Every
 * update has the guards of a redeployment. A deployment in progress is superseded where it is our own and gets no
 * tasks: a return at once, a move when its calm time is over. It deploys what ran before, so that nothing of anybody's
 * is lost.
 *
 * <p>So the service stays on demand for the calm time at least, and the only change that comes sooner after another is
 * to take back a return of ours. Whatever a person does to the strategy ends what we do.
 *
 * <p>Long because the table and what it says stand side by side.
 *
 * @param outcome what comes of it
 * @param refused why nothing is done, where it is one of those reasons; null otherwise
 * @param tag the tag to write before anything else; null for none
 * @param untag whether the tag is to be removed
 * @param strategy the strategy to update the service to, with a new deployment; null for none
 * @param next how long until the next check; null when none is needed
 * @param quick whether that check is about something that goes on now, and not about the end of a calm time
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html">UpdateService:
 *     capacityProviderStrategy, forceNewDeployment</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html">Deployment
 *     circuit breaker: a failed deployment is rolled back to the last that completed</a>
 */
record CapacityDecision(
        Outcome outcome,
        SkipReason refused,
        FailoverTag tag,
        boolean untag,
        CapacityStrategy strategy,
        Duration next,
        boolean quick) {

    /** SQS delays a message no longer. A check that is due later is one that only asks for another. */
    static final Duration LONGEST = Duration.ofSeconds(SqsLimits.DELAY_SECONDS);

    /** How often a deployment that goes on is checked. */
    static final Duration CHECK_INTERVAL = Duration.ofMinutes(2);

    /** What comes of it. The word in the header is the name in lower case: {@code by-hand}. */
    enum Outcome {
        MOVED,
        RETURNED,
        BACK,
        SETTLED,
        ON_DEMAND,
        RETURNING,
        WATCHING,
        ENOUGH,
        NO_FAILOVER,
        BY_HAND,
        MOVE_FAILED,
        ROLLED_BACK,
        UNREADABLE_TAG,
        STUCK,
        /** Not done for a reason that has a word of its own. */
        REFUSED;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What a person asks for, or nobody. */
    enum Wish {
        NONE(""),
        MOVE("on-demand"),
        BACK("spot");

        private final String where;

        Wish(String where) {
            this.where = where;
        }

        /** Where a person wants the service to be; empty for nobody's wish. */
        static Wish of(String where) {
            return Stream.of(values())
                    .filter(wish -> wish.where.equals(where))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "ecs-service:ensure-capacity: to is '" + where + "'; set on-demand or spot"));
        }
    }

    /**
     * The settings.
     *
     * @param failoverAfter how long tasks may be missing
     * @param calmTime how long a service stays on demand at first
     */
    record Rules(Duration failoverAfter, Duration calmTime) {}

    /** What is done. */
    static CapacityDecision of(CapacitySituation s) {
        String value = s.service() == null ? null : FailoverTag.on(s.service());
        if (s.untouchable().isPresent()) {
            boolean waits = value != null && s.untouchable().get() == SkipReason.SCALED_TO_ZERO;
            return waits
                    ? new CapacityDecision(
                            Outcome.REFUSED, SkipReason.SCALED_TO_ZERO, null, false, null, LONGEST, false)
                    : value == null && !s.failover() && s.wish() == Wish.NONE
                            ? nothing(Outcome.NO_FAILOVER)
                            : refused(s.untouchable().get(), null);
        }
        CapacityDecision decided = value == null ? untagged(s) : tagged(s, value);
        boolean checksAgain = decided.quick() && !decided.changes() && decided.refused() == null;
        return s.stale() && !checksAgain ? refused(SkipReason.IN_PROGRESS, CapacitySituation.VISIBLE) : decided;
    }

    private static CapacityDecision tagged(CapacitySituation s, String value) {
        Optional<FailoverTag> tag = FailoverTag.parse(value);
        if (tag.isEmpty()) {
            return later(Outcome.UNREADABLE_TAG, LONGEST, false);
        }
        CapacityStrategy kept = tag.get().kept();
        CapacityStrategy actual = s.actual().orElse(null);
        if (!kept.equals(actual) && !s.onDemand(tag.get())) {
            return byHand(s);
        }
        return switch (tag.get().phase()) {
            case ON_DEMAND -> kept.equals(actual) ? keptThoughOnDemand(s, tag.get()) : onDemand(s, tag.get());
            case RETURNED -> kept.equals(actual) ? returned(s, tag.get()) : onDemandThoughReturned(s, tag.get());
        };
    }

    private static CapacityDecision untagged(CapacitySituation s) {
        if (!s.failover() && s.wish() == Wish.NONE) {
            return nothing(Outcome.NO_FAILOVER);
        }
        boolean wanted = s.wish() == Wish.MOVE;
        boolean wanting = s.missing() || s.missingSince() != null;
        Optional<CapacityStrategy> actual = s.actual();
        if (actual.isEmpty() || !actual.get().spot()) {
            return wanted || wanting || actual.isPresent() && actual.get().leftOnDemand()
                    ? refused(actual.isEmpty() ? SkipReason.NO_STRATEGY : SkipReason.NO_SPOT, null)
                    : nothing(Outcome.ENOUGH);
        }
        boolean evidence = wanted || s.spotIsShort(Instant.EPOCH);
        if (s.wish() == Wish.NONE && s.leftAlone() != null && (evidence || wanting)) {
            return refused(s.leftAlone(), LONGEST);
        }
        if (!evidence) {
            return wanting && s.wish() == Wish.NONE
                    ? later(Outcome.WATCHING, untilLong(s), true)
                    : s.startsUnplaced() ? later(Outcome.ENOUGH, soon(s), true) : nothing(Outcome.ENOUGH);
        }
        return blocked(s, false, false)
                .orElseGet(() -> move(
                        FailoverTag.onDemand(actual.get(), s.now(), s.rules().calmTime())));
    }

    /**
     * What keeps us from starting a deployment: one that is in progress, or one that failed, which would be started
     * anew.
     */
    private static Optional<CapacityDecision> blocked(CapacitySituation s, boolean ownInProgress, boolean ownFailed) {
        boolean nobody = s.wish() == Wish.NONE;
        if (s.inProgress() && !ownInProgress) {
            return Optional.of(
                    nobody && s.progress().stalled()
                            ? stuck(s)
                            : refused(SkipReason.IN_PROGRESS, nobody ? s.rules().failoverAfter() : null));
        }
        return s.failed() && !ownFailed
                ? Optional.of(refused(SkipReason.DEPLOYMENT_FAILED, nobody ? LONGEST : null))
                : Optional.empty();
    }

    private static CapacityDecision stuck(CapacitySituation s) {
        return later(Outcome.STUCK, s.rules().failoverAfter(), true);
    }

    private static CapacityDecision onDemand(CapacitySituation s, FailoverTag tag) {
        boolean stalled = s.inProgress() && s.progress().stalled();
        boolean own = s.ownMove(tag);
        if (s.now().isBefore(tag.until()) && s.wish() != Wish.BACK) {
            Duration left = Duration.between(s.now(), tag.until());
            return stalled ? stuck(s) : later(own && s.failed() ? Outcome.MOVE_FAILED : Outcome.ON_DEMAND, left, false);
        }
        // A move that failed has no tasks to lose either.
        return blocked(s, stalled && own, own).orElseGet(() -> goBack(s, tag));
    }

    private static CapacityDecision keptThoughOnDemand(CapacitySituation s, FailoverTag tag) {
        if (s.neverMoved(tag)) {
            return untag(Outcome.SETTLED, s.failover() && (s.missing() || s.missingSince() != null) ? soon(s) : null);
        }
        if (s.deployedSince(tag.since())) {
            boolean undone = s.failedMove(tag) || s.missing() && s.moveIsGone(tag);
            return undone ? untag(Outcome.MOVE_FAILED, LONGEST) : byHand(s);
        }
        boolean own = s.ownReturn(tag);
        boolean wanting = s.failover() && (s.missing() || s.spotIsShort(Instant.EPOCH));
        if (own && s.inProgress() || s.wish() == Wish.MOVE || wanting) {
            return blocked(s, own, own).orElseGet(() -> move(FailoverTag.onDemand(tag.kept(), s.now(), tag.calm())));
        }
        // A calm time that was doubled says that we died while we took a return back, which is still to be watched.
        Optional<FailoverTag> watched =
                s.failover() && tag.calm().compareTo(s.rules().calmTime()) > 0
                        ? s.primary()
                                .filter(p -> p.createdAt() != null)
                                .map(p -> tag.returned(p.createdAt()))
                                .filter(again -> s.now().isBefore(again.until()))
                        : Optional.empty();
        return watched.map(again -> new CapacityDecision(
                        Outcome.BACK,
                        null,
                        again,
                        false,
                        null,
                        capped(Duration.between(s.now(), again.until())),
                        false))
                .orElseGet(
                        () -> untag(Outcome.SETTLED, s.failover() && s.missingSince() != null ? untilLong(s) : null));
    }

    /** Left alone for the calm time; a service that is short is checked when that is over. */
    private static CapacityDecision byHand(CapacitySituation s) {
        return untag(Outcome.BY_HAND, s.failover() && s.missing() ? LONGEST : null);
    }

    private static CapacityDecision onDemandThoughReturned(CapacitySituation s, FailoverTag tag) {
        if (s.rolledBackSince(tag.since())) {
            FailoverTag again = tag.again(s.now());
            return new CapacityDecision(
                    Outcome.ROLLED_BACK,
                    null,
                    again,
                    false,
                    null,
                    capped(Duration.between(s.now(), again.until())),
                    false);
        }
        return blocked(s, false, false).orElseGet(() -> goBack(s, tag));
    }

    private static CapacityDecision returned(CapacitySituation s, FailoverTag tag) {
        boolean own = s.ownReturn(tag);
        if (s.inProgress()) {
            if (own && s.dry(tag.since())) {
                return move(tag.again(s.now()));
            }
            if (own && s.progress().overdue()) {
                return later(s.impaired() ? Outcome.RETURNING : Outcome.STUCK, LONGEST, false);
            }
            return !own && s.progress().stalled() ? stuck(s) : later(Outcome.RETURNING, soon(s), true);
        }
        boolean evidence = own && s.failed() || s.failover() && s.spotIsShort(tag.since());
        if (evidence || s.wish() == Wish.MOVE) {
            if (s.leftAlone() == SkipReason.COOLDOWN && s.wish() == Wish.NONE) {
                return refused(SkipReason.COOLDOWN, LONGEST);
            }
            // What a person wants says nothing of Spot.
            return blocked(s, false, own)
                    .orElseGet(() -> move(
                            evidence ? tag.again(s.now()) : FailoverTag.onDemand(tag.kept(), s.now(), tag.calm())));
        }
        Instant until = tag.watchedUntil(s.service());
        if (!s.now().isBefore(until)) {
            return untag(Outcome.SETTLED, null);
        }
        return s.missing()
                ? later(Outcome.WATCHING, untilLong(s), true)
                : s.startsUnplaced()
                        ? later(Outcome.BACK, soon(s), true)
                        : later(Outcome.BACK, Duration.between(s.now(), until), false);
    }

    private static Duration soon(CapacitySituation s) {
        return min(CHECK_INTERVAL, s.rules().failoverAfter());
    }

    /** Until tasks were missing for long; while none is, until the notices of Spot that were given are over. */
    private static Duration untilLong(CapacitySituation s) {
        Instant since = s.missingSince() == null ? s.now() : s.missingSince();
        Duration after = s.missing()
                ? s.rules().failoverAfter()
                : CapacitySituation.noticed(s.rules().failoverAfter());
        Duration left = Duration.between(s.now(), since.plus(after));
        return left.compareTo(Duration.ZERO) > 0 ? left : s.rules().failoverAfter();
    }

    private static CapacityDecision move(FailoverTag tag) {
        return new CapacityDecision(Outcome.MOVED, null, tag, false, tag.kept().onDemand(), capped(tag.calm()), false);
    }

    private static CapacityDecision goBack(CapacitySituation s, FailoverTag tag) {
        return new CapacityDecision(Outcome.RETURNED, null, tag.returned(s.now()), false, tag.kept(), soon(s), true);
    }

    private static CapacityDecision untag(Outcome outcome, Duration next) {
        return new CapacityDecision(outcome, null, null, true, null, next == null ? null : capped(next), true);
    }

    private static CapacityDecision nothing(Outcome outcome) {
        return new CapacityDecision(outcome, null, null, false, null, null, false);
    }

    private static CapacityDecision refused(SkipReason reason, Duration next) {
        return new CapacityDecision(
                Outcome.REFUSED, reason, null, false, null, next == null ? null : min(next, LONGEST), next != null);
    }

    private static CapacityDecision later(Outcome outcome, Duration next, boolean quick) {
        return new CapacityDecision(outcome, null, null, false, null, capped(next), quick);
    }

    private static Duration capped(Duration next) {
        return min(next.plusSeconds(1), LONGEST);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Whether something of ECS is to be changed. */
    boolean changes() {
        return tag != null || untag;
    }

    /** The word in the header. */
    String word() {
        return refused == null ? outcome.word() : refused.word();
    }
}
