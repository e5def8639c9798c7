package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * Sets the desired count of each listed service to the number of container instances: one call to DescribeServices for
 * ten services, and one UpdateService for each that is not at its count. If ECS refuses one, the others are still
 * matched.
 */
class InstanceMatching {

    /** How long it is remembered that a service is at 0 because of us. */
    private static final Duration A_YEAR = Duration.ofDays(365);

    private final EcsClient client;
    private final EcsServices ecs;
    private final EcsServiceEndpoint endpoint;
    private final ClaimStore claims;

    /** With the services and the bounds that are the endpoint's parameters. */
    InstanceMatching(EcsClient client, EcsServices ecs, EcsServiceEndpoint endpoint, ClaimStore claims) {
        this.client = client;
        this.ecs = ecs;
        this.endpoint = endpoint;
        this.claims = claims;
    }

    /**
     * Matches the services of a cluster.
     *
     * @param clusters what DescribeClusters returned
     */
    String match(String cluster, DescribeClustersResponse clusters) {
        String what = "match/" + cluster;
        List<String> names = listedIn(cluster);
        if (names.isEmpty()) {
            return ecs.skipped(SkipReason.NOT_LISTED, what);
        }
        if (ecs.otherRegion()) {
            return ecs.skipped(SkipReason.OTHER_REGION, what);
        }
        if (clusters == null || clusters.clusters().isEmpty()) {
            throw new PermanentFailureException("matching " + cluster + ": cluster not found");
        }
        if (ecs.otherAccount(clusters.clusters().get(0).clusterArn())) {
            return ecs.skipped(SkipReason.OTHER_ACCOUNT, what);
        }
        int wanted = Math.max(
                endpoint.getMin(),
                Math.min(endpoint.getMax(), clusters.clusters().get(0).registeredContainerInstancesCount()));
        Map<String, Service> services = EcsServices.describe(client, cluster, names);
        String outcome = SkipReason.AT_COUNT.word();
        RuntimeException failure = null;
        for (String name : names) {
            try {
                String matched = match(cluster, name, services.get(name), wanted);
                outcome = matched.equals(EcsServiceEndpoint.UPDATED) ? matched : outcome;
            } catch (PermanentFailureException e) {
                failure = failure == null ? e : failure;
            } catch (TransientFailureException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return outcome;
    }

    private String match(String cluster, String name, Service service, int wanted) {
        String what = "match/" + cluster + "/" + name;
        if (service == null) {
            return ecs.skipped(SkipReason.NOT_IN_CLUSTER, what);
        }
        if (!EcsServices.ACTIVE.equals(service.status())) {
            return ecs.skipped(SkipReason.SERVICE_INACTIVE, what);
        }
        if (service.schedulingStrategy() == SchedulingStrategy.DAEMON) {
            return ecs.skipped(SkipReason.DAEMON, what);
        }
        if (service.desiredCount() == wanted) {
            return ecs.skipped(SkipReason.AT_COUNT, what);
        }
        // Who stopped the service, a person or we for want of instances, is not to be seen in ECS.
        String stoppedByUs = "stopped/" + cluster + "/" + name;
        boolean stopped = service.desiredCount() == 0;
        if (stopped && !endpoint.isFromZero() && !claims.recorded(stoppedByUs)) {
            return ecs.skipped(SkipReason.SCALED_TO_ZERO, what);
        }
        if (wanted == 0) {
            claims.record(stoppedByUs, A_YEAR);
        }
        String outcome = ecs.update(
                "matching", cluster, name, UpdateServiceRequest.builder().desiredCount(wanted), what);
        if (stopped) {
            claims.forget(stoppedByUs);
        }
        return outcome;
    }

    private List<String> listedIn(String cluster) {
        return Arrays.stream(endpoint.getServices().split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .filter(name -> !name.contains("/") || name.startsWith(cluster + "/"))
                .map(name -> name.substring(name.indexOf('/') + 1))
                .distinct()
                .toList();
    }
}
