package io.ecssteward.ecs;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * How the newest deployment of a service goes on.
 *
 * @param since since when no further task of it runs; null when no deployment is in progress
 * @param failoverAfter how long tasks may be missing
 */
record CapacityProgress(Service service, Instant since, Duration failoverAfter, Instant now) {

    /** Whether a task of it does not run yet. */
    boolean unfinished() {
        return is(p -> number(p.runningCount()) < number(p.desiredCount()));
    }

    /**
     * Whether it gets no further: the next task has to wait until one is deregistered, five minutes by default, and
     * stopped.
     */
    boolean stalled() {
        return !complete() && noProgressFor(2);
    }

    /** Whether no further task of it has run for half an hour, with the default settings. */
    boolean overdue() {
        return unfinished() && noProgressFor(6);
    }

    /** Whether it gets no further though ECS may start tasks, or starts them, and they do not run. */
    boolean getsNoTasks() {
        return stalled() && room() || overdue() && (room() || is(p -> number(p.pendingCount()) > 0));
    }

    /** Whether it got no further task for so many times the time that tasks may be missing. */
    private boolean noProgressFor(int times) {
        return since != null && !now.isBefore(since.plus(failoverAfter.multipliedBy(times)));
    }

    /**
     * Whether ECS may start another task before one of the older ones has stopped, which takes as long as its
     * deregistration.
     */
    private boolean room() {
        return service.deployments().stream()
                        .mapToInt(d -> number(d.runningCount()) + number(d.pendingCount()))
                        .sum()
                < most();
    }

    /**
     * How many tasks may run and start at once.
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

    /** Whether it has all of its tasks, or ECS starts them. */
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
