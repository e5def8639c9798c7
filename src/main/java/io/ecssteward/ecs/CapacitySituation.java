package io.ecssteward.ecs;

import io.ecssteward.ecs.CapacityDecision.Rules;
import io.ecssteward.ecs.CapacityDecision.Wish;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
 * @param handsOff whether somebody changed the strategy by hand less than the calm time ago
 */
record CapacitySituation(
        Service service,
        Optional<SkipReason> untouchable,
        boolean failover,
        Instant unplaced,
        Instant missingSince,
        List<Instant> bursts,
        boolean handsOff,
        Wish wish,
        Rules rules,
        Instant now) {

    /** So many bursts of interruptions in an hour are evidence, even if ECS replaced the tasks each time. */
    static final int BURSTS = 3;

    Optional<CapacityStrategy> actual() {
        return CapacityStrategy.of(service);
    }

    Optional<Deployment> primary() {
        return service.deployments().stream()
                .filter(d -> "PRIMARY".equals(d.status()))
                .findFirst();
    }

    boolean inProgress() {
        return EcsServices.inProgress(service.deployments());
    }

    boolean missing() {
        return missing(service);
    }

    /** Whether tasks are missing that ECS is not starting. */
    static boolean missing(Service service) {
        return number(service.runningCount()) + number(service.pendingCount()) < number(service.desiredCount());
    }

    /**
     * Since when tasks are missing, by what was noted before. A look that finds all of them long after an interruption
     * ends it; sooner, the notice may still run.
     */
    static Instant missingSince(Instant noted, boolean missing, Duration failoverAfter, Instant now) {
        return missing
                ? noted == null ? now : noted
                : noted == null || !now.isBefore(noted.plus(failoverAfter)) ? null : noted;
    }

    boolean evidence(Instant since) {
        boolean unplacedNow = unplaced != null && !unplaced.isBefore(since);
        boolean forLong = missingSince != null
                && !missingSince.isBefore(since)
                && !now.isBefore(missingSince.plus(rules.failoverAfter()));
        return missing() && (unplacedNow || forLong)
                || bursts.stream().filter(burst -> !burst.isBefore(since)).count() >= BURSTS;
    }

    /** Whether a deployment began, or ended otherwise than it should, since then. */
    boolean deployedSince(Instant since) {
        return service.deployments().stream()
                .anyMatch(d -> d.createdAt() != null && d.createdAt().isAfter(since));
    }

    boolean rolledBackSince(Instant since) {
        return service.deployments().stream()
                .anyMatch(d -> d.rolloutState() == DeploymentRolloutState.FAILED
                        || Stream.of(d.createdAt(), d.updatedAt()).anyMatch(at -> at != null && at.isAfter(since)));
    }

    /**
     * Whether the PRIMARY deployment is our return, and nothing is lost when another supersedes it: it began when we
     * tagged it (whoever does the same in these two minutes counts as us), deploys the same as before, and replaces
     * tasks on demand and no others.
     */
    boolean ownReturn(FailoverTag tag) {
        Deployment primary = primary().orElse(null);
        boolean ours = primary != null
                && tag.kept().equals(strategy(primary))
                && primary.taskDefinition() != null
                && (primary.createdAt() == null
                        || primary.createdAt().isBefore(tag.since().plus(CapacityDecision.SOON)));
        List<Deployment> others =
                service.deployments().stream().filter(d -> d != primary).toList();
        return ours
                && !others.isEmpty()
                && others.stream()
                        .allMatch(d -> tag.kept().onDemand().equals(strategy(d))
                                && primary.taskDefinition().equals(d.taskDefinition()));
    }

    /** Whether Spot has no capacity for the deployment that is in progress. */
    boolean dry(Instant since) {
        boolean unplacedNow = unplaced != null && !unplaced.isBefore(since);
        boolean gets = primary()
                .filter(p -> number(p.runningCount()) + number(p.pendingCount()) >= number(p.desiredCount()))
                .isPresent();
        return !gets && (unplacedNow || !now.isBefore(since.plus(rules.failoverAfter())));
    }

    private static CapacityStrategy strategy(Deployment deployment) {
        return CapacityStrategy.of(deployment.capacityProviderStrategy());
    }

    private static int number(Integer count) {
        return count == null ? 0 : count;
    }
}
