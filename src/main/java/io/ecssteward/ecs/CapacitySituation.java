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
 * What is known of the service.
 *
 * @param service what DescribeServices returned, with tags; null when ECS does not know it
 * @param untouchable why it can have no deployment from here
 * @param failover whether its policy is to fail over; a service that has our tag is returned all the same
 * @param unplaced when ECS last said that it cannot place a task on FARGATE_SPOT; null when it did not
 * @param missingSince since when tasks were seen to be missing, or taken away; null when they were not
 * @param bursts when Spot took a large share of the tasks, in the last hour
 * @param leftAlone why nothing is done for the calm time: somebody changed the strategy, or ECS refused; null for
 *     nothing
 * @param ours the deployment that our last update began; null when that is not known
 * @param stalledSince since when the deployment in progress got no further task; null when none is in progress
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
     * How long after an interruption a task that is still there is one that was replaced: the notice of two minutes,
     * and some time for the event.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html">Fargate
     *     Spot termination notices</a>
     */
    private static final Duration NOTICE = Duration.ofSeconds(150);

    /**
     * So long after our update the answers of ECS may not show it yet. AWS names no time, and advises to wait between a
     * couple of seconds and five minutes; a minute is ours.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html">RunTask: the Amazon ECS
     *     API follows an eventual consistency model</a>
     */
    static final Duration VISIBLE = Duration.ofMinutes(1);

    /** So many bursts of interruptions in an hour are evidence, even if ECS replaced the tasks each time. */
    static final int BURSTS = 3;

    Optional<CapacityStrategy> actual() {
        return CapacityStrategy.of(service);
    }

    /**
     * Whether the service is on demand as we leave one. Whoever pins it to FARGATE alone deploys, and leaves
     * FARGATE_SPOT out of the list, which ours always names; a deployment that changes nothing but the task definition
     * keeps the list.
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

    /** Whether tasks are missing that ECS is not starting. */
    static boolean missing(Service service) {
        return number(service.runningCount()) + number(service.pendingCount()) < number(service.desiredCount());
    }

    /**
     * Since when tasks are missing, by what was noted before. A check that finds all of them ends it, unless the notice
     * of an interruption may still run.
     *
     * @param interrupted whether Spot is about to take one now, or to give none for one that ECS starts
     */
    static Instant missingSince(
            Instant noted, boolean missing, boolean interrupted, Duration failoverAfter, Instant now) {
        boolean over = noted == null || !missing && !now.isBefore(noted.plus(noticed(failoverAfter)));
        return !over ? noted : missing || interrupted ? now : null;
    }

    /** How long after an interruption all tasks are there again, if they are. */
    static Duration noticed(Duration failoverAfter) {
        return NOTICE.compareTo(failoverAfter) < 0 ? NOTICE : failoverAfter;
    }

    /** Whether interruptions or placement failures after that time say that Fargate Spot has no capacity for it. */
    boolean spotIsShort(Instant since) {
        boolean forLong = missingSince != null
                && !missingSince.isBefore(since)
                && !now.isBefore(missingSince.plus(rules.failoverAfter()))
                && !impaired();
        return missing() && (unplaced(since) || forLong) || interruptions(since) >= BURSTS;
    }

    /** Whether ECS said since then that there is no Spot capacity. */
    boolean unplaced(Instant since) {
        return unplaced != null && !unplaced.isBefore(since);
    }

    /** How often Spot took a large share of the tasks since then. */
    long interruptions(Instant since) {
        return bursts.stream().filter(burst -> !burst.isBefore(since)).count();
    }

    /** Whether tasks of the newest deployment start and stop again and again: they have capacity. */
    boolean impaired() {
        return primary().filter(p -> Deployments.impaired(service, p)).isPresent();
    }

    /** Whether ECS's answer is older than our last update: our deployment is not in it, or the tag of before is. */
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

    /** Whether a deployment began since then. */
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

    /** Whether ECS stopped our move, and went back to what was before. */
    boolean failedMove(FailoverTag tag) {
        return service.deployments().stream()
                .filter(d -> !"PRIMARY".equals(d.status()) && d.rolloutState() == DeploymentRolloutState.FAILED)
                .anyMatch(d -> ours != null && ours.deployment().equals(d.id())
                        || tag.kept().onDemand().equals(strategy(d)));
    }

    /** Whether our move was begun and has left no trace: ECS rolled it back, or somebody did. */
    boolean moveIsGone(FailoverTag tag) {
        return began(tag.since())
                && service.deployments().stream()
                        .noneMatch(d -> ours.deployment().equals(d.id()));
    }

    /**
     * Whether we died after the tag, and somebody deployed since: the deployment in progress replaces tasks of before
     * the tag, which our move would have replaced.
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

    /** Whether our return came to its end otherwise than it should; if it never began, it did not. */
    boolean rolledBackSince(Instant since) {
        return began(since) && !primaryIsOurs()
                || deployedSince(since)
                || service.deployments().stream().anyMatch(d -> d.rolloutState() == DeploymentRolloutState.FAILED);
    }

    /** Whether we know the deployment that we began after we tagged the service: ECS's answer did come. */
    private boolean began(Instant since) {
        return ours != null && !ours.at().isBefore(since);
    }

    private boolean primaryIsOurs() {
        return ours != null
                && primary().filter(p -> ours.deployment().equals(p.id())).isPresent();
    }

    /** Whether the PRIMARY deployment is our return, and nothing is lost when another supersedes it. */
    boolean ownReturn(FailoverTag tag) {
        return own(tag, tag.kept(), tag.kept().onDemand());
    }

    /** Whether it is our move to on-demand. */
    boolean ownMove(FailoverTag tag) {
        return own(tag, tag.kept().onDemand(), tag.kept());
    }

    /**
     * Whether the PRIMARY deployment is ours: by its id, if we know it, or else because it began when we tagged it
     * (whoever does the same in these two minutes counts as us), deploys the same as before, and replaces tasks from
     * there and no others.
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

    /** Whether ECS could not place a task a moment ago, and starts one now: it may end like that one. */
    boolean startsUnplaced() {
        return unplaced != null && isShort(service);
    }

    static boolean isShort(Service service) {
        return number(service.runningCount()) < number(service.desiredCount());
    }

    /**
     * Whether Spot has no capacity for the deployment that is in progress. A task that ECS starts may still end for
     * want of capacity, so only those that run have it.
     */
    boolean dry(Instant since) {
        return !impaired()
                && (progress().unfinished() && unplaced(since) || progress().getsNoTasks());
    }

    /** How the newest deployment goes on. */
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
