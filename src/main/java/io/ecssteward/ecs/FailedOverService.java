package io.ecssteward.ecs;

import io.ecssteward.event.Arn;
import io.ecssteward.failure.PermanentFailureException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * A service that carries the {@linkplain FailoverTag tag}: it runs on-demand because Fargate Spot had no capacity, or
 * it has moved back to Spot and is watched.
 *
 * @param cluster the cluster's name
 * @param service the service's name
 * @param value the tag's value
 * @param tag the parsed value; null when it cannot be parsed
 * @param actual the strategy of the service; null when it has none
 * @param until the end of its time on-demand, at the earliest, or of the watch; null when the tag cannot be parsed
 * @param running the number of running tasks
 * @param desired the desired count
 * @param deploying whether a deployment is in progress
 * @param newest the number of running tasks of the newest deployment
 * @param failed whether the newest deployment failed, without a rollback by ECS
 */
public record FailedOverService(
        String cluster,
        String service,
        String value,
        FailoverTag tag,
        CapacityStrategy actual,
        Instant until,
        int running,
        int desired,
        boolean deploying,
        int newest,
        boolean failed) {

    /** How long after its end time a service that is still on-demand counts as overdue. */
    private static final Duration OVERDUE = Duration.ofMinutes(30);

    private static final int PAGE = 100;

    /**
     * Reads all services with the tag from ECS, sorted by cluster and name. This takes one call for each page of a
     * cluster's services, and one for each ten services.
     *
     * @param clusters names or ARNs of clusters; all clusters when it is empty
     * @param refused receives ECS's error for each cluster without access; the other clusters are still read
     * @throws io.ecssteward.failure.TransientFailureException when ECS throttles or does not answer
     * @throws PermanentFailureException when ECS does not allow listing the clusters
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html">ListServices: up
     *     to 100 a page</a>
     */
    public static List<FailedOverService> all(EcsClient client, List<String> clusters, Consumer<String> refused) {
        return described(client, clusters, refused).stream()
                .map(FailedOverService::of)
                .toList();
    }

    /** The same services, as DescribeServices returns them. */
    static List<Service> described(EcsClient client, List<String> clusters, Consumer<String> refused) {
        List<Service> found = new ArrayList<>();
        for (String cluster : clusters.isEmpty() ? clusters(client) : clusters) {
            try {
                EcsServices.describe(client, cluster, services(client, cluster)).values().stream()
                        .filter(service -> FailoverTag.on(service) != null)
                        .sorted(Comparator.comparing(Service::serviceName))
                        .forEach(found::add);
            } catch (PermanentFailureException e) {
                refused.accept(e.getMessage());
            }
        }
        return found;
    }

    private static List<String> clusters(EcsClient client) {
        return EcsErrors.during(
                "listing the clusters",
                () -> client.listClustersPaginator(r -> r.maxResults(PAGE)).clusterArns().stream()
                        .sorted()
                        .toList());
    }

    private static List<String> services(EcsClient client, String cluster) {
        return EcsErrors.during(
                "listing the services of " + Arn.nameOf(cluster),
                () -> client.listServicesPaginator(r -> r.cluster(cluster).maxResults(PAGE)).serviceArns().stream()
                        .sorted()
                        .toList());
    }

    /** From a service that has the tag. */
    static FailedOverService of(Service service) {
        String value = FailoverTag.on(service);
        FailoverTag tag = FailoverTag.parse(value).orElse(null);
        boolean returned = tag != null && tag.phase() == FailoverTag.Phase.RETURNED;
        return new FailedOverService(
                Arn.nameOf(service.clusterArn()),
                service.serviceName(),
                value,
                tag,
                CapacityStrategy.of(service).orElse(null),
                returned ? tag.watchedUntil(service) : tag == null ? null : tag.until(),
                service.runningCount() == null ? 0 : service.runningCount(),
                service.desiredCount() == null ? 0 : service.desiredCount(),
                service.deployments().stream().anyMatch(d -> d.rolloutState() == DeploymentRolloutState.IN_PROGRESS),
                service.deployments().stream()
                        .filter(d -> "PRIMARY".equals(d.status()) && d.runningCount() != null)
                        .mapToInt(Deployment::runningCount)
                        .sum(),
                service.deployments().stream()
                        .anyMatch(d ->
                                "PRIMARY".equals(d.status()) && d.rolloutState() == DeploymentRolloutState.FAILED));
    }

    /** {@code prod/web}. */
    public String name() {
        return cluster + "/" + service;
    }

    /** The problem with it, in a sentence; empty if there is none. */
    public Optional<String> problem(Instant now) {
        if (tag == null) {
            return Optional.of("Its tag " + FailoverTag.KEY + " cannot be read: '" + value
                    + "'. Set the strategy that the service should have, and remove the tag.");
        }
        CapacityStrategy kept = tag.kept();
        if (!kept.equals(actual) && (actual == null || !actual.leftOnDemand(kept))) {
            return Optional.of("Its strategy was changed by hand; now it is: "
                    + (actual == null ? "none of its own" : actual.words())
                    + ". It is left alone, and the tag is removed at the next check.");
        }
        if (onDemand() && kept.equals(actual)) {
            return Optional.of(
                    "It already has its own strategy, set by hand or because a move was interrupted; the next "
                            + "sweep (STEWARD_SPOT_SWEEP) goes on from there, or run: capacity to-on-demand " + name());
        }
        if (watched() && !kept.equals(actual)) {
            return Optional.of("It is still on-demand, because its return was interrupted, or ECS rolled it back; the"
                    + " next sweep (STEWARD_SPOT_SWEEP) goes on from there.");
        }
        if (desired == 0) {
            return Optional.of("Its desired count is 0, so it is left alone.");
        }
        if (failed) {
            return Optional.of("Its newest deployment failed; the service's events in the ECS console say why.");
        }
        if (watched()
                && deploying
                && newest < desired
                && now.isAfter(tag.since().plus(OVERDUE))) {
            return Optional.of("Its return began " + length(Duration.between(tag.since(), now)) + " ago, and " + newest
                    + " of " + desired + (desired == 1 ? " task" : " tasks") + " of the newest deployment "
                    + (newest == 1 ? "runs" : "run") + ". Look at its maximumPercent and its events.");
        }
        return overdue(now)
                ? Optional.of("It should have gone back " + length(Duration.between(until, now))
                        + " ago. Is Steward running? Run: capacity back-to-spot " + name())
                : Optional.empty();
    }

    /** Whether it was moved to on-demand and has not moved back. */
    public boolean onDemand() {
        return tag != null && tag.phase() == FailoverTag.Phase.ON_DEMAND;
    }

    /** Whether it moved back, and may still move again. */
    public boolean watched() {
        return tag != null && tag.phase() == FailoverTag.Phase.RETURNED;
    }

    /** Whether it should have moved back half an hour ago, and no deployment is in progress or has failed. */
    public boolean overdue(Instant now) {
        return onDemand() && !deploying && desired > 0 && !failed && now.isAfter(until.plus(OVERDUE));
    }

    /** Where it runs and until when, and whether all of its tasks run. */
    public String where() {
        String tasks = running + " of " + desired + (desired == 1 ? " task" : " tasks") + " running"
                + (deploying ? ", a deployment is in progress" : "");
        if (tag == null) {
            return "its tag cannot be read; " + tasks;
        }
        String calm = " (calm time " + length(tag.calm()) + "); ";
        return onDemand()
                ? "on-demand since " + tag.since() + ", until " + until + " at the earliest" + calm + tasks
                : "returned since " + tag.since() + ", watched until " + until + calm + tasks;
    }

    /** {@code 30 minutes}, {@code 1 hour 30 minutes}; less than a minute is a minute. */
    static String length(Duration length) {
        long minutes = Math.max(1, length.toMinutes());
        String hours = minutes < 60 ? "" : count(minutes / 60, "hour");
        String rest = minutes % 60 == 0 ? "" : count(minutes % 60, "minute");
        return (hours + " " + rest).strip();
    }

    private static String count(long number, String of) {
        return number + " " + of + (number == 1 ? "" : "s");
    }
}
