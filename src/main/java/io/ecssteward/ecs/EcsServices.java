package io.ecssteward.ecs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.Arn;
import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.Event;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * What is done to ECS services, for one event. Every decision is made from what ECS says now, so an event that comes
 * twice, late or not at all leads to the same end.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html">UpdateService</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html">DescribeServices</a>
 */
class EcsServices {

    private static final Logger LOG = LoggerFactory.getLogger(EcsServices.class);

    /** DescribeServices takes no more services at a time. */
    static final int MAX_SERVICES = 10;

    private static final String ACTIVE = "ACTIVE";

    private final EcsClient client;
    private final Event event;
    private final boolean eventsCluster;
    private final EventOutcome eventOutcome;

    /**
     * For one event.
     *
     * @param event what happened; null when nobody knows
     * @param eventsCluster whether the cluster is that of the event, as against one that a route names
     */
    EcsServices(EcsClient client, Event event, boolean eventsCluster, Exchange exchange) {
        this.client = client;
        this.event = event;
        this.eventsCluster = eventsCluster && event != null;
        this.eventOutcome = EventOutcome.of(exchange);
    }

    /**
     * Starts a fresh deployment, unless one that is younger than the event has begun: that one replaces every task that
     * the event can have been about.
     *
     * @param name null when the task belongs to no service
     * @param service what ECS says about it; null when ECS does not know it, or was not asked
     */
    String redeploy(String cluster, String name, Service service) {
        if (name == null) {
            return skipped(SkipReason.NO_SERVICE, "redeploy/" + cluster);
        }
        String what = "redeploy/" + cluster + "/" + name;
        if (otherRegion()) {
            return skipped(SkipReason.OTHER_REGION, what);
        }
        if (service == null) {
            LOG.warn("not redeploying {}/{}: ECS does not know the service; it may have been deleted", cluster, name);
            return skipped(SkipReason.SERVICE_NOT_FOUND, what);
        }
        if (otherAccount(service.clusterArn())) {
            return skipped(SkipReason.OTHER_ACCOUNT, what);
        }
        if (!ACTIVE.equals(service.status())) {
            return skipped(SkipReason.SERVICE_INACTIVE, what);
        }
        if (service.deploymentController() != null
                && service.deploymentController().type() != DeploymentControllerType.ECS) {
            return skipped(SkipReason.EXTERNAL_CONTROLLER, what);
        }
        Instant at = event == null ? null : event.time();
        for (Deployment deployment : service.deployments()) {
            boolean younger = at != null
                    && deployment.createdAt() != null
                    && deployment.createdAt().isAfter(at);
            if (younger && deployment.rolloutState() != DeploymentRolloutState.FAILED) {
                boolean over = deployment.rolloutState() == DeploymentRolloutState.COMPLETED;
                return skipped(over ? SkipReason.ALREADY_DEPLOYED : SkipReason.IN_PROGRESS, what);
            }
        }
        return update(
                "redeploying", cluster, name, UpdateServiceRequest.builder().forceNewDeployment(true), what);
    }

    /**
     * Gives each listed service of the cluster as many tasks as the cluster has instances. One call to DescribeServices
     * for ten services, and one UpdateService for each that is not at its count. One that is refused does not keep the
     * others from being matched.
     *
     * @param listed names or cluster/name, separated by commas
     * @param clusters what DescribeClusters said
     */
    String matchInstances(String cluster, String listed, DescribeClustersResponse clusters, int min, int max) {
        String what = "match/" + cluster;
        List<String> names = listedIn(cluster, listed);
        if (names.isEmpty()) {
            return skipped(SkipReason.NOT_LISTED, what);
        }
        if (otherRegion()) {
            return skipped(SkipReason.OTHER_REGION, what);
        }
        if (clusters == null || clusters.clusters().isEmpty()) {
            throw new PermanentFailureException("matching " + cluster + ": cluster not found");
        }
        if (otherAccount(clusters.clusters().get(0).clusterArn())) {
            return skipped(SkipReason.OTHER_ACCOUNT, what);
        }
        int wanted = Math.max(min, Math.min(max, clusters.clusters().get(0).registeredContainerInstancesCount()));
        Map<String, Service> services = describe(client, cluster, names);
        String outcome = SkipReason.AT_COUNT.word();
        RuntimeException failure = null;
        for (String name : names) {
            try {
                String came = match(cluster, name, services.get(name), wanted);
                outcome = came.equals(EcsServiceEndpoint.UPDATED) ? came : outcome;
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
            return skipped(SkipReason.NOT_IN_CLUSTER, what);
        }
        if (!ACTIVE.equals(service.status())) {
            return skipped(SkipReason.SERVICE_INACTIVE, what);
        }
        if (service.schedulingStrategy() == SchedulingStrategy.DAEMON) {
            return skipped(SkipReason.DAEMON, what);
        }
        if (service.desiredCount() == wanted) {
            return skipped(SkipReason.AT_COUNT, what);
        }
        return update("matching", cluster, name, UpdateServiceRequest.builder().desiredCount(wanted), what);
    }

    /** Whether the instance's agent is still disconnected although the instance should be at work. */
    String checkAgent(String cluster) {
        if (!(event instanceof ContainerInstanceStateChange change)) {
            throw new PermanentFailureException("checking an agent: the event is a "
                    + (event == null ? "nothing" : event.type()) + " and not a container-instance-state-change");
        }
        String what = "agent/" + change.arn();
        if (otherRegion()) {
            return skipped(SkipReason.OTHER_REGION, what);
        }
        List<ContainerInstance> found = EcsErrors.during(
                "checking the agent of " + cluster + "/" + change.id(),
                () -> client.describeContainerInstances(r -> r.cluster(cluster).containerInstances(change.arn()))
                        .containerInstances());
        if (found.isEmpty() || !ACTIVE.equals(found.get(0).status())) {
            return skipped(SkipReason.DRAINING, what);
        }
        if (Boolean.TRUE.equals(found.get(0).agentConnected())) {
            return skipped(SkipReason.RECONNECTED, what);
        }
        return EcsServiceEndpoint.DISCONNECTED;
    }

    /** Whether the event's cluster is where the client does not reach. */
    boolean otherRegion() {
        Region ours = client.serviceClientConfiguration().region();
        return ours != null
                && eventsCluster
                && event.region() != null
                && !event.region().equals(ours.id());
    }

    /** ECS finds a cluster by its name in the account of whoever asks, and not in that of the event. */
    private boolean otherAccount(String clusterArn) {
        String ours = Arn.parse(clusterArn).map(Arn::account).orElse(null);
        return ours != null
                && eventsCluster
                && event.account() != null
                && !event.account().equals(ours);
    }

    private String update(String doing, String cluster, String name, UpdateServiceRequest.Builder change, String what) {
        UpdateServiceRequest request = change.cluster(cluster).service(name).build();
        try {
            EcsErrors.during(doing + " " + cluster + "/" + name, () -> client.updateService(request));
        } catch (ServiceNotFoundException e) {
            LOG.warn("not {} {}/{}: ECS does not know the service; it may have been deleted", doing, cluster, name);
            return skipped(SkipReason.SERVICE_NOT_FOUND, what);
        } catch (ServiceNotActiveException e) {
            return skipped(SkipReason.SERVICE_INACTIVE, what);
        }
        ObjectNode sent = JsonNodeFactory.instance.objectNode();
        sent.put("cluster", request.cluster()).put("service", request.service());
        if (request.desiredCount() != null) {
            sent.put("desiredCount", request.desiredCount());
        }
        if (request.forceNewDeployment() != null) {
            sent.put("forceNewDeployment", request.forceNewDeployment());
        }
        eventOutcome.performed(new Action("ecs", "UpdateService", cluster + "/" + name, sent, null));
        return EcsServiceEndpoint.UPDATED;
    }

    /** The services that ECS knows, by name; a missing one is no error to ECS, and is absent here. */
    static Map<String, Service> describe(EcsClient client, String cluster, List<String> names) {
        List<Service> found = new ArrayList<>();
        for (int from = 0; from < names.size(); from += MAX_SERVICES) {
            List<String> some = names.subList(from, Math.min(names.size(), from + MAX_SERVICES));
            found.addAll(EcsErrors.during(
                    "describing " + cluster + "/" + String.join(",", some),
                    () -> client.describeServices(r -> r.cluster(cluster).services(some))
                            .services()));
        }
        return found.stream().collect(Collectors.toMap(Service::serviceName, Function.identity(), (a, b) -> a));
    }

    private static List<String> listedIn(String cluster, String listed) {
        return Arrays.stream(listed.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .filter(name -> !name.contains("/") || name.startsWith(cluster + "/"))
                .map(name -> name.substring(name.indexOf('/') + 1))
                .distinct()
                .toList();
    }

    private String skipped(SkipReason reason, String what) {
        eventOutcome.skipped(reason, what);
        return reason.word();
    }
}
