package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * Sets the desired count of each listed service to the number of container instances that it can have a task on: one
 * call to DescribeServices for ten services, one to count the instances, and one UpdateService for each service that is
 * not at its count. If ECS refuses one, the others are still matched.
 *
 * <p>The count of a cluster includes instances that drain, so where one is known to drain, or the service cannot use
 * every instance, those that are ACTIVE and fit are listed.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html">Cluster:
 *     registeredContainerInstancesCount</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListContainerInstances.html">ListContainerInstances</a>
 */
class InstanceMatching {

    /** How long it is remembered that a service is at 0 because of us. */
    private static final Duration A_YEAR = Duration.ofDays(365);

    /** DescribeContainerInstances takes no more at a time. */
    private static final int MAX_INSTANCES = 100;

    private static final Set<String> FARGATE = Set.of("FARGATE", "FARGATE_SPOT");

    private final EcsClient client;
    private final EcsServices ecs;
    private final EcsServiceEndpoint endpoint;
    private final ClaimStore claims;
    private final String cluster;
    private final Map<String, List<String>> listedByFilter = new HashMap<>();
    private Cluster described;

    /** With the services and the bounds that are the endpoint's parameters. */
    InstanceMatching(
            EcsClient client, EcsServices ecs, EcsServiceEndpoint endpoint, ClaimStore claims, String cluster) {
        this.client = client;
        this.ecs = ecs;
        this.endpoint = endpoint;
        this.claims = claims;
        this.cluster = cluster;
    }

    /** Whether an instance is external, by the id that it has in Systems Manager instead of EC2. */
    static boolean external(String ec2InstanceId) {
        return ec2InstanceId != null && ec2InstanceId.startsWith("mi-");
    }

    /** Matches the services of the cluster. */
    String match() {
        String what = "match/" + cluster;
        List<String> names = Drains.listed(endpoint.getServices(), cluster);
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
        // Who stopped the service, a person or we for want of instances, is not to be seen in ECS.
        String stoppedByUs = "stopped/" + cluster + "/" + name;
        boolean stopped = service.desiredCount() == 0;
        boolean byUs = claims.recorded(stoppedByUs);
        if (!stopped && byUs) {
            // Somebody raised it since, or our update failed: the next 0 is not ours.
            claims.forget(stoppedByUs);
        }
        if (stopped && !endpoint.isFromZero() && !byUs) {
            return ecs.skipped(SkipReason.SCALED_TO_ZERO, what);
        }
        int wanted = Math.max(endpoint.getMin(), Math.min(endpoint.getMax(), instances(service)));
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

    /** How many instances the service can have a task on. */
    private int instances(Service service) {
        String filter = service.placementConstraints().stream()
                .filter(c -> c.type() == PlacementConstraintType.MEMBER_OF)
                .map(PlacementConstraint::expression)
                .reduce((a, b) -> "(" + a + ") and (" + b + ")")
                .orElse("");
        boolean someDoNotFit = tellApart(service);
        if (filter.isEmpty() && !someDoNotFit && !Drains.isDraining(claims, service.clusterArn())) {
            return cluster().registeredContainerInstancesCount();
        }
        List<String> active = listedByFilter.computeIfAbsent(filter, this::active);
        if (!someDoNotFit) {
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
                    .filter(instance -> fits(service, instance))
                    .count();
        }
        return fitting;
    }

    /** Whether the cluster may have instances that are not of the service's launch type or capacity providers. */
    private boolean tellApart(Service service) {
        Set<String> own = providers(service);
        return own.isEmpty()
                ? service.launchType() == LaunchType.EXTERNAL || Drains.hasExternal(claims, service.clusterArn())
                : cluster().capacityProviders().stream().anyMatch(p -> !FARGATE.contains(p) && !own.contains(p));
    }

    private static boolean fits(Service service, ContainerInstance instance) {
        Set<String> own = providers(service);
        return own.isEmpty()
                ? external(instance.ec2InstanceId()) == (service.launchType() == LaunchType.EXTERNAL)
                : own.contains(instance.capacityProviderName());
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

    private List<String> active(String filter) {
        List<String> arns = new ArrayList<>();
        String next = null;
        do {
            String token = next;
            ListContainerInstancesResponse page = EcsErrors.during(
                    "listing the instances of " + cluster,
                    () -> client.listContainerInstances(r -> r.cluster(cluster)
                            .status(ContainerInstanceStatus.ACTIVE)
                            .filter(filter.isEmpty() ? null : filter)
                            .nextToken(token)));
            arns.addAll(page.containerInstanceArns());
            next = page.nextToken();
        } while (next != null);
        return arns;
    }
}
