package io.ecssteward.ecs;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The progress of the newest deployment of a service.
 *
 * @param since since when its number of running tasks has not grown; null when no deployment is in progress
 * @param failoverAfter how long tasks may be missing
 */
record CapacityProgress(Service service, Instant since, Duration failoverAfter, Instant now) {

    /** Whether some of its tasks do not run yet. */
    boolean unfinished() {
        return is(p -> number(p.runningCount()) < number(p.desiredCount()));
    }

    /**
     * Whether it makes no progress for twice {@code failoverAfter}. A new task may have to wait until an old one is
     * deregistered, which takes five minutes by default, and stopped.
     */
    boolean stalled() {
        return !complete() && noProgressFor(2);
    }

    /** Whether it makes no progress for six times {@code failoverAfter}: half an hour with the default settings. */
    boolean overdue() {
        return unfinished() && noProgressFor(6);
    }

    /** Whether it makes no progress although ECS may start tasks, or starts tasks that do not run. */
    boolean getsNoTasks() {
        return stalled() && room() || overdue() && (room() || is(p -> number(p.pendingCount()) > 0));
    }

    /** Whether no further task has run for this many times {@code failoverAfter}. */
    private boolean noProgressFor(int times) {
        return since != null && !now.isBefore(since.plus(failoverAfter.multipliedBy(times)));
    }

    /**
     * Whether ECS may start another task before an older one has stopped, which takes as long as its deregistration.
     */
    private boolean room() {
        return service.deployments().stream()
                        .mapToInt(d -> number(d.runningCount()) + number(d.pendingCount()))
                        .sum()
                < most();
    }

    /**
     * The maximum number of running and starting tasks.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html">maximumPercent:
     *     200 by default, rounded down</a>
     */
    int most() {
        Integer percent = service.deploymentConfiguration() == null
                ? null
                : service.deploymentConfiguration().maximumPercent();
        return number(service.desiredCount()) * (percent == null ? 200 : percent) / 100;
    }

    /** Whether all of its tasks are running or starting. */
    private boolean complete() {
        return is(p -> number(p.runningCount()) + number(p.pendingCount()) >= number(p.desiredCount()));
    }

    private boolean is(Predicate<Deployment> what) {
        return service.deployments().stream()
                .filter(d -> "PRIMARY".equals(d.status()))
                .findFirst()
                .filter(what)
                .isPresent();
    }

    private static int number(Integer count) {
        return count == null ? 0 : count;
    }
}
