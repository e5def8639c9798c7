package io.ecssteward.ecs;

import io.ecssteward.ecs.CapacityDecision.Rules;
import io.ecssteward.ecs.CapacityDecision.Wish;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The facts about a service that its capacity decision depends on.
 *
 * @param service what DescribeServices returned, with tags; null when ECS does not know it
 * @param untouchable why Steward cannot deploy it; empty if it can
 * @param failover whether its policy is to fail over; a service with Steward's tag is moved back under any policy
 * @param unplaced when ECS last reported that it cannot place a task on FARGATE_SPOT; null if it did not
 * @param missingSince since when tasks have been missing, or were interrupted; null if none
 * @param bursts when Spot interrupted a large share of the tasks, in the last hour
 * @param leftAlone why the service is left alone for the calm time: an operator changed the strategy, or ECS refused a
 *     change; null if it is not
 * @param ours the deployment that Steward's last update started; null if unknown
 * @param stalledSince since when no further task of the deployment in progress has run; null when none is in progress
 */
record CapacitySituation(
        Service service,
        Optional<SkipReason> untouchable,
        boolean failover,
        Instant unplaced,
        Instant missingSince,
        List<Instant> bursts,
        SkipReason leftAlone,
        CapacityNotes.Ours ours,
        Instant stalledSince,
        Wish wish,
        Rules rules,
        Instant now) {

    /**
     * How long an interrupted task may still run: the notice of two minutes, and some time for the event. When this
     * time is over, all running tasks are replacements.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html">Fargate
     *     Spot termination notices</a>
     */
    private static final Duration NOTICE = Duration.ofSeconds(150);

    /**
     * How long ECS's responses may not show Steward's update yet. AWS documents no limit, and advises to wait between a
     * couple of seconds and five minutes; one minute is our choice.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html">RunTask: the Amazon ECS
     *     API follows an eventual consistency model</a>
     */
    static final Duration VISIBLE = Duration.ofMinutes(1);

    /** This many bursts of interruptions in an hour are evidence, even if ECS replaced the tasks each time. */
    static final int BURSTS = 3;

    Optional<CapacityStrategy> actual() {
        return CapacityStrategy.of(service);
    }

    /**
     * Whether the service is on demand because of Steward's move. Steward's strategy always lists FARGATE_SPOT. An
     * operator who pins the service to FARGATE deploys a strategy without FARGATE_SPOT; a deployment that changes only
     * the task definition keeps the list.
     */
    boolean onDemand(FailoverTag tag) {
        boolean theirs = !primaryIsOurs() && deployedSince(tag.since());
        return actual().filter(a -> theirs
                        ? a.leftOnDemand(tag.kept())
                        : a.equals(tag.kept().onDemand()))
                .isPresent();
    }

    Optional<Deployment> primary() {
        return service.deployments().stream()
                .filter(d -> "PRIMARY".equals(d.status()))
                .findFirst();
    }

    boolean inProgress() {
        return Deployments.inProgress(service.deployments());
    }

    boolean missing() {
        return missing(service);
    }

    /** Whether tasks are missing, not counting those that ECS is starting. */
    static boolean missing(Service service) {
        return number(service.runningCount()) + number(service.pendingCount()) < number(service.desiredCount());
    }

    /**
     * Since when tasks are missing, given the previous note. A check that finds all tasks resets this, unless an
     * interrupted task may still be running out its notice.
     *
     * @param interrupted whether Spot is interrupting a task now, or may have no capacity for a task that ECS is
     *     starting
     */
    static Instant missingSince(
            Instant noted, boolean missing, boolean interrupted, Duration failoverAfter, Instant now) {
        boolean over = noted == null || !missing && !now.isBefore(noted.plus(noticed(failoverAfter)));
        return !over ? noted : missing || interrupted ? now : null;
    }

    /** How long after an interruption a full set of running tasks shows that the interrupted ones were replaced. */
    static Duration noticed(Duration failoverAfter) {
        return NOTICE.compareTo(failoverAfter) < 0 ? NOTICE : failoverAfter;
    }

    /**
     * Whether interruptions, placement failures or missing tasks since then are evidence that Fargate Spot has no
     * capacity for the service.
     */
    boolean spotIsShort(Instant since) {
        boolean forLong = missingSince != null
                && !missingSince.isBefore(since)
                && !now.isBefore(missingSince.plus(rules.failoverAfter()))
                && !impaired();
        return missing() && (unplaced(since) || forLong) || interruptions(since) >= BURSTS;
    }

    /** Whether ECS has reported since then that there is no Spot capacity. */
    boolean unplaced(Instant since) {
        return unplaced != null && !unplaced.isBefore(since);
    }

    /** How often Spot has interrupted a large share of the tasks since then. */
    long interruptions(Instant since) {
        return bursts.stream().filter(burst -> !burst.isBefore(since)).count();
    }

    /** Whether tasks of the newest deployment start and stop repeatedly, which means that they do get capacity. */
    boolean impaired() {
        return primary().filter(p -> Deployments.impaired(service, p)).isPresent();
    }

    /**
     * Whether ECS's response is older than Steward's last update: it lacks Steward's deployment, or has the previous
     * tag.
     */
    boolean stale() {
        if (ours == null || !now.isBefore(ours.at().plus(VISIBLE))) {
            return false;
        }
        Optional<Deployment> begun = service.deployments().stream()
                .filter(d -> ours.deployment().equals(d.id()))
                .findFirst();
        boolean moved = begun.filter(d -> strategy(d).leftOnDemand()).isPresent();
        FailoverTag.Phase phase = Optional.ofNullable(FailoverTag.on(service))
                .flatMap(FailoverTag::parse)
                .map(FailoverTag::phase)
                .orElse(null);
        return begun.isEmpty()
                || primaryIsOurs() && phase != (moved ? FailoverTag.Phase.ON_DEMAND : FailoverTag.Phase.RETURNED);
    }

    /** Whether a deployment started since then. */
    boolean deployedSince(Instant since) {
        return service.deployments().stream()
                .anyMatch(d -> d.createdAt() != null && d.createdAt().isAfter(since));
    }

    /** Whether ECS stopped the newest deployment. */
    boolean failed() {
        return primary()
                .filter(p -> p.rolloutState() == DeploymentRolloutState.FAILED)
                .isPresent();
    }

    /** Whether ECS stopped Steward's move and rolled it back. */
    boolean failedMove(FailoverTag tag) {
        return service.deployments().stream()
                .filter(d -> !"PRIMARY".equals(d.status()) && d.rolloutState() == DeploymentRolloutState.FAILED)
                .anyMatch(d -> ours != null && ours.deployment().equals(d.id())
                        || tag.kept().onDemand().equals(strategy(d)));
    }

    /** Whether Steward's move was started and its deployment no longer exists: ECS or an operator rolled it back. */
    boolean moveIsGone(FailoverTag tag) {
        return began(tag.since())
                && service.deployments().stream()
                        .noneMatch(d -> ours.deployment().equals(d.id()));
    }

    /**
     * Whether Steward died after setting the tag, and another deployment started since. That deployment replaces tasks
     * from before the tag, which Steward's move would have replaced.
     */
    boolean neverMoved(FailoverTag tag) {
        List<Deployment> others = service.deployments().stream()
                .filter(d -> !"PRIMARY".equals(d.status()))
                .toList();
        return !began(tag.since())
                && !others.isEmpty()
                && others.stream().allMatch(d -> tag.kept().equals(strategy(d)))
                && others.stream()
                        .anyMatch(d -> d.createdAt() != null && d.createdAt().isBefore(tag.since()));
    }

    /** Whether Steward's return was rolled back or superseded; false if it never started. */
    boolean rolledBackSince(Instant since) {
        return began(since) && !primaryIsOurs()
                || deployedSince(since)
                || service.deployments().stream().anyMatch(d -> d.rolloutState() == DeploymentRolloutState.FAILED);
    }

    /** Whether the deployment that Steward started after tagging the service is known, because ECS responded. */
    private boolean began(Instant since) {
        return ours != null && !ours.at().isBefore(since);
    }

    private boolean primaryIsOurs() {
        return ours != null
                && primary().filter(p -> ours.deployment().equals(p.id())).isPresent();
    }

    /** Whether the PRIMARY deployment is Steward's return, so that it can safely be superseded. */
    boolean ownReturn(FailoverTag tag) {
        return own(tag, tag.kept(), tag.kept().onDemand());
    }

    /** Whether the PRIMARY deployment is Steward's move to on-demand. */
    boolean ownMove(FailoverTag tag) {
        return own(tag, tag.kept().onDemand(), tag.kept());
    }

    /**
     * Whether the PRIMARY deployment is Steward's: by its id, if that is known. Otherwise it must have started within
     * two minutes after the tag was set, deploy the same task definition as before, and replace only tasks with the
     * strategy {@code from}. An operator's deployment that meets all of this counts as Steward's.
     */
    private boolean own(FailoverTag tag, CapacityStrategy to, CapacityStrategy from) {
        Deployment primary = primary().orElse(null);
        if (primary == null || !to.equals(strategy(primary))) {
            return false;
        }
        if (primaryIsOurs() || began(tag.since())) {
            return primaryIsOurs();
        }
        List<Deployment> others =
                service.deployments().stream().filter(d -> d != primary).toList();
        return primary.taskDefinition() != null
                && (primary.createdAt() == null
                        || primary.createdAt().isBefore(tag.since().plus(CapacityDecision.CHECK_INTERVAL)))
                && !others.isEmpty()
                && others.stream()
                        .allMatch(d -> from.equals(strategy(d))
                                && primary.taskDefinition().equals(d.taskDefinition()));
    }

    /** Whether ECS just failed to place a task and is now starting one, which may fail in the same way. */
    boolean startsUnplaced() {
        return unplaced != null && isShort(service);
    }

    static boolean isShort(Service service) {
        return number(service.runningCount()) < number(service.desiredCount());
    }

    /**
     * Whether Spot has no capacity for the deployment in progress. Only running tasks have capacity: a task that is
     * starting may still fail for lack of it.
     */
    boolean dry(Instant since) {
        return !impaired()
                && (progress().unfinished() && unplaced(since) || progress().getsNoTasks());
    }

    /** The progress of the newest deployment. */
    CapacityProgress progress() {
        return new CapacityProgress(service, stalledSince, rules.failoverAfter(), now);
    }

    private static CapacityStrategy strategy(Deployment deployment) {
        return CapacityStrategy.of(deployment.capacityProviderStrategy());
    }

    private static int number(Integer count) {
        return count == null ? 0 : count;
    }
}
