package io.ecssteward.ecs;

import io.ecssteward.limits.SqsLimits;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The decision about the capacity of one service, which depends only on the current state in ECS and on what Steward
 * has noted. When there is no Fargate Spot capacity, the service is moved to on-demand, and later it is moved back to
 * the strategy that it had.
 *
 * <p>The state is in the service's {@linkplain FailoverTag tag}, which is written before UpdateService is called, and
 * in the service's current strategy. <i>Kept</i> is the strategy in the tag, <i>on demand</i> is that strategy with all
 * tasks on FARGATE. "Our" move, return or update is Steward's.
 *
 * <pre>
 * tag        strategy   condition                                        action
 * ---------  ---------  -----------------------------------------------  ---------------------------------------
 * none       with Spot  no evidence                                      nothing; check again after an interruption,
 *                                                                        or while ECS starts a task it failed to place
 * none       with Spot  evidence                                         tag on-demand, update to on demand: moved
 * none       other      evidence                                         nothing: no-strategy, no-spot
 * on-demand  on demand  calm time not over                               nothing; check again: on-demand
 * on-demand  on demand  calm time not over, and our move failed          nothing; check again: move-failed
 * on-demand  on demand  calm time over                                   tag returned, update to kept: returned
 * on-demand  kept       no deployment since (crash in between), short    the same as without a tag: moved
 * on-demand  kept       no deployment since, not short                   remove the tag: settled
 * on-demand  kept       the same, within an hour after our return        tag returned: back
 * on-demand  kept       ECS stopped our move, or it is gone, and short   remove the tag: move-failed
 * on-demand  kept       a deployment since, replacing pre-tag tasks      remove the tag: settled, then decide again
 * on-demand  kept       a deployment since                               remove the tag: by-hand
 * returned   on demand  no deployment since (crash in between)           tag returned, update to kept: returned
 * returned   on demand  ECS rolled the return back                       tag on-demand, twice as long: rolled-back
 * returned   kept       our return gets no tasks, or they do not run     tag and update as for moved, twice as long
 * returned   kept       in progress                                      nothing; check again: returning
 * any        any        our update is under a minute old, not visible    nothing; check again: in-progress
 * returned   kept       in progress for long, ECS may start no task      nothing; check again later: stuck
 * any        any        another deployment makes no progress             nothing; check again: stuck
 * any        any        ECS stopped the last deployment, and not ours    nothing; check again: deployment-failed
 * returned   kept       evidence within the hour                         tag and update as for moved, twice as long
 * returned   kept       all run, within an hour after steady state       nothing; check again: back
 * returned   kept       all run, an hour later                           remove the tag: settled
 * any        another    changed by an operator                           remove the tag: by-hand
 * any        all tasks on FARGATE, no FARGATE_SPOT in the list, not Steward's deployment:   the same: by-hand
 * invalid    any        edited by an operator                            nothing; check again: unreadable-tag
 * </pre>
 *
 * <p>There are three kinds of evidence: tasks are missing, and ECS reported that it cannot place one on FARGATE_SPOT;
 * tasks have been missing for {@code failoverAfter}, without starting and stopping repeatedly; or Spot interrupted a
 * large share of the tasks three times in an hour. Tasks that ECS is starting are not missing, because ECS may have
 * found capacity for them. Every update has the same guards as a redeployment. A deployment in progress is superseded
 * only if it is Steward's and gets no tasks: a return at once, a move when its calm time is over. The update deploys
 * the same task definition as before, so nobody's change is lost.
 *
 * <p>So the service stays on demand for at least the calm time. The only change that follows sooner is taking back
 * Steward's own return. If a person changes the strategy, Steward removes the tag and leaves the service alone for the
 * calm time.
 *
 * <p>Long because the table and the code that implements it belong together.
 *
 * @param outcome the outcome
 * @param refused why nothing is done, if there is such a reason; null otherwise
 * @param tag the tag to write before anything else; null for none
 * @param untag whether to remove the tag
 * @param strategy the strategy to update the service to, with a new deployment; null for none
 * @param next the time until the next check; null when none is needed
 * @param quick whether that check is about a change in progress, and not about the end of a calm time
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html">UpdateService:
 *     capacityProviderStrategy, forceNewDeployment</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html">Deployment
 *     circuit breaker: a failed deployment is rolled back to the last completed one</a>
 */
record CapacityDecision(
        Outcome outcome,
        SkipReason refused,
        FailoverTag tag,
        boolean untag,
        CapacityStrategy strategy,
        Duration next,
        boolean quick) {

    /** The longest delay of an SQS message. Until a later check is due, each check only schedules the next one. */
    static final Duration LONGEST = Duration.ofSeconds(SqsLimits.DELAY_SECONDS);

    /** How often a deployment in progress is checked. */
    static final Duration CHECK_INTERVAL = Duration.ofMinutes(2);

    /** The outcome. The word in the header is the name in lower case: {@code by-hand}. */
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
        /** Skipped; the skip reason is the word in the header. */
        REFUSED;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A person's request, or none. */
    enum Wish {
        NONE(""),
        MOVE("on-demand"),
        BACK("spot");

        private final String where;

        Wish(String where) {
            this.where = where;
        }

        /** @param where where a person wants the service to run; empty for no request */
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

    /** Decides. */
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

    /** The reason not to start a deployment: one is in progress, or the last one failed and would be started again. */
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
        // A failed move has no tasks to lose either.
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
        // A doubled calm time means that Steward died while taking back a return, which still has to be watched.
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

    /** The service is left alone for the calm time. If tasks are missing, it is checked afterwards. */
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
            // A person's request is not evidence about Spot.
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

    /** The time until tasks count as missing for long; if none are missing, until interrupted tasks have stopped. */
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

    /** Whether to change anything in ECS. */
    boolean changes() {
        return tag != null || untag;
    }

    /** The word in the header. */
    String word() {
        return refused == null ? outcome.word() : refused.word();
    }
}
