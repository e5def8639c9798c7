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
 * Updates ECS services for one event. Each decision is made from what ECS says now, so an event that is duplicated,
 * late or lost leads to the same result.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html">UpdateService</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html">DescribeServices</a>
 */
class EcsServices {

    private static final Logger LOG = LoggerFactory.getLogger(EcsServices.class);

    /** DescribeServices takes no more services at a time. */
    static final int MAX_SERVICES = 10;

    static final String ACTIVE = "ACTIVE";

    private final EcsClient client;
    private final Event event;
    private final boolean eventsCluster;
    private final EventOutcome eventOutcome;

    /**
     * For one event.
     *
     * @param event the event; null when the body is none
     * @param eventsCluster whether the cluster is the event's, and not one that a parameter names
     */
    EcsServices(EcsClient client, Event event, boolean eventsCluster, Exchange exchange) {
        this.client = client;
        this.event = event;
        this.eventsCluster = eventsCluster && event != null;
        this.eventOutcome = EventOutcome.of(exchange);
    }

    /**
     * Starts a deployment, unless one was started after the event: that one replaces every task that the event can be
     * about.
     *
     * @param name null when the task belongs to no service
     * @param service what DescribeServices returned; null when ECS does not know it, or was not asked
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
        Instant eventTime = event == null ? null : event.time();
        for (Deployment deployment : service.deployments()) {
            boolean startedAfter = eventTime != null
                    && deployment.createdAt() != null
                    && deployment.createdAt().isAfter(eventTime);
            if (startedAfter && deployment.rolloutState() != DeploymentRolloutState.FAILED) {
                boolean completed = deployment.rolloutState() == DeploymentRolloutState.COMPLETED;
                return skipped(completed ? SkipReason.ALREADY_DEPLOYED : SkipReason.IN_PROGRESS, what);
            }
        }
        return update(
                "redeploying", cluster, name, UpdateServiceRequest.builder().forceNewDeployment(true), what);
    }

    /**
     * Sets the desired count of each listed service to the number of container instances: one call to DescribeServices
     * for ten services, and one UpdateService for each that is not at its count. If ECS refuses one, the others are
     * still matched.
     *
     * @param listed names or cluster/name, separated by commas
     * @param clusters what DescribeClusters returned
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

    /** What ECS says now about the agent of a container instance. */
    AgentConnection.State agentState(String cluster, ContainerInstanceStateChange instance) {
        if (otherRegion()) {
            return AgentConnection.State.OTHER_REGION;
        }
        List<ContainerInstance> found = EcsErrors.during(
                "checking the agent of " + cluster + "/" + instance.id(),
                () -> client.describeContainerInstances(r -> r.cluster(cluster).containerInstances(instance.arn()))
                        .containerInstances());
        if (found.isEmpty() || !ACTIVE.equals(found.get(0).status())) {
            return AgentConnection.State.DRAINING;
        }
        return Boolean.TRUE.equals(found.get(0).agentConnected())
                ? AgentConnection.State.RECONNECTED
                : AgentConnection.State.DISCONNECTED;
    }

    /** Whether the event's cluster is in another region than the client. */
    boolean otherRegion() {
        Region ours = client.serviceClientConfiguration().region();
        return ours != null
                && eventsCluster
                && event.region() != null
                && !event.region().equals(ours.id());
    }

    /** ECS looks a cluster's name up in the caller's account, which may not be the event's. */
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
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        parameters.put("cluster", request.cluster()).put("service", request.service());
        if (request.desiredCount() != null) {
            parameters.put("desiredCount", request.desiredCount());
        }
        if (request.forceNewDeployment() != null) {
            parameters.put("forceNewDeployment", request.forceNewDeployment());
        }
        eventOutcome.performed(new Action("ecs", "UpdateService", cluster + "/" + name, parameters, null));
        return EcsServiceEndpoint.UPDATED;
    }

    /** The services by name. ECS reports a missing one as a failure beside the others; here it is absent. */
    static Map<String, Service> describe(EcsClient client, String cluster, List<String> names) {
        List<Service> found = new ArrayList<>();
        for (int from = 0; from < names.size(); from += MAX_SERVICES) {
            List<String> batch = names.subList(from, Math.min(names.size(), from + MAX_SERVICES));
            found.addAll(EcsErrors.during(
                    "describing " + cluster + "/" + String.join(",", batch),
                    () -> client.describeServices(r -> r.cluster(cluster).services(batch))
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
