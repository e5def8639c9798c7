package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * Sets the desired count of each listed service to the number of container instances that can run a task of it. This
 * takes one DescribeServices call for each ten services, one call to list each hundred instances, and one UpdateService
 * call for each service whose count differs. If ECS rejects one update, the other services are still updated.
 *
 * <p>The instance count of DescribeClusters is not used, because it includes draining instances, on which ECS places no
 * tasks.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html">Cluster:
 *     registeredContainerInstancesCount is ACTIVE and DRAINING</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html">Cluster query
 *     language: ec2InstanceId, matches</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListContainerInstances.html">ListContainerInstances</a>
 */
class InstanceMatching {

    /** How long Steward remembers that it scaled a service to 0. */
    private static final Duration A_YEAR = Duration.ofDays(365);

    /** The most instances in one call of DescribeContainerInstances. */
    private static final int MAX_INSTANCES = 100;

    /** External instances have their Systems Manager id in place of an EC2 instance id. */
    private static final String EXTERNAL = "ec2InstanceId =~ mi-.*";

    private static final String NOT_EXTERNAL = "ec2InstanceId !~ mi-.*";

    private static final Set<String> FARGATE = Set.of("FARGATE", "FARGATE_SPOT");

    private final EcsClient client;
    private final EcsServices ecs;
    private final EcsServiceEndpoint endpoint;
    private final ClaimStore claims;
    private final String cluster;
    private final Map<String, List<String>> listedByFilter = new HashMap<>();
    private Cluster described;

    /** Takes the services and the bounds from the endpoint's parameters. */
    InstanceMatching(
            EcsClient client, EcsServices ecs, EcsServiceEndpoint endpoint, ClaimStore claims, String cluster) {
        this.client = client;
        this.ecs = ecs;
        this.endpoint = endpoint;
        this.claims = claims;
        this.cluster = cluster;
    }

    /** Updates the listed services of the cluster. Returns the outcome. */
    String match() {
        String what = "match/" + cluster;
        List<String> names = listed();
        if (names.isEmpty()) {
            return ecs.skipped(SkipReason.NOT_LISTED, what);
        }
        if (ecs.otherRegion()) {
            return ecs.skipped(SkipReason.OTHER_REGION, what);
        }
        Map<String, Service> services = EcsServices.describe(client, cluster, names);
        if (services.values().stream().anyMatch(s -> ecs.otherAccount(s.clusterArn()))) {
            return ecs.skipped(SkipReason.OTHER_ACCOUNT, what);
        }
        String outcome = SkipReason.AT_COUNT.word();
        RuntimeException failure = null;
        for (String name : names) {
            try {
                String matched = match(name, services.get(name));
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

    private String match(String name, Service service) {
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
        // ECS does not show whether a person or Steward (without instances) scaled the service to 0.
        String stoppedByUs = "stopped/" + cluster + "/" + name;
        boolean stopped = service.desiredCount() == 0;
        boolean byUs = claims.recorded(stoppedByUs);
        if (!stopped && byUs) {
            // The count was raised since, or Steward's update failed: the next 0 is not Steward's.
            claims.forget(stoppedByUs);
        }
        if (stopped && !endpoint.fromZero && !byUs) {
            return ecs.skipped(SkipReason.SCALED_TO_ZERO, what);
        }
        int wanted = Math.max(endpoint.min, Math.min(endpoint.max, instances(service)));
        if (service.desiredCount() == wanted) {
            return ecs.skipped(SkipReason.AT_COUNT, what);
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

    /**
     * Whether a draining instance explains that a task of a service could not be placed: the service is listed, so its
     * count is about to be lowered.
     */
    boolean drains(String service) {
        return listed().contains(String.valueOf(service))
                && !ecs.otherRegion()
                && !list(ContainerInstanceStatus.DRAINING, "").isEmpty();
    }

    /** The names of those services that are listed for the cluster, by name or {@code cluster/name}. */
    private List<String> listed() {
        return Arrays.stream(endpoint.services.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .filter(name -> !name.contains("/") || name.startsWith(cluster + "/"))
                .map(name -> name.substring(name.indexOf('/') + 1))
                .distinct()
                .toList();
    }

    /** How many instances can run a task of the service. */
    private int instances(Service service) {
        Set<String> own = providers(service);
        String external = service.launchType() == LaunchType.EXTERNAL ? EXTERNAL : NOT_EXTERNAL;
        String filter = Stream.concat(
                        service.placementConstraints().stream()
                                .filter(c -> c.type() == PlacementConstraintType.MEMBER_OF)
                                .map(c -> "(" + c.expression() + ")"),
                        own.isEmpty() ? Stream.of("(" + external + ")") : Stream.empty())
                .collect(Collectors.joining(" and "));
        List<String> active = listedByFilter.computeIfAbsent(filter, f -> list(ContainerInstanceStatus.ACTIVE, f));
        boolean others = !own.isEmpty()
                && cluster().capacityProviders().stream().anyMatch(p -> !FARGATE.contains(p) && !own.contains(p));
        if (!others) {
            return active.size();
        }
        int fitting = 0;
        for (int from = 0; from < active.size(); from += MAX_INSTANCES) {
            List<String> batch = active.subList(from, Math.min(active.size(), from + MAX_INSTANCES));
            fitting += EcsErrors.during(
                            "describing the instances of " + cluster,
                            () -> client.describeContainerInstances(
                                    r -> r.cluster(cluster).containerInstances(batch)))
                    .containerInstances()
                    .stream()
                    .filter(instance -> own.contains(instance.capacityProviderName()))
                    .count();
        }
        return fitting;
    }

    /** The capacity providers of a service, Auto Scaling groups or Managed Instances; none for a launch type. */
    private static Set<String> providers(Service service) {
        return service.capacityProviderStrategy().stream()
                .map(CapacityProviderStrategyItem::capacityProvider)
                .filter(p -> !FARGATE.contains(p))
                .collect(Collectors.toSet());
    }

    private Cluster cluster() {
        if (described == null) {
            described = EcsErrors.during(
                            "describing " + cluster, () -> client.describeClusters(r -> r.clusters(cluster)))
                    .clusters()
                    .stream()
                    .findFirst()
                    .orElseThrow(() -> new PermanentFailureException("matching " + cluster + ": cluster not found"));
        }
        return described;
    }

    private List<String> list(ContainerInstanceStatus status, String filter) {
        return EcsErrors.during(
                "listing the instances of " + cluster,
                () -> client
                        .listContainerInstancesPaginator(
                                r -> r.cluster(cluster).status(status).filter(filter.isEmpty() ? null : filter))
                        .containerInstanceArns()
                        .stream()
                        .toList());
    }
}
