package io.ecssteward.ecs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.Arn;
import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.Event;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * Updates ECS services for one event. Each decision uses the current state in ECS, so a duplicate, late or lost event
 * leads to the same result.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html">UpdateService</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html">DescribeServices</a>
 */
class EcsServices {

    private static final Logger LOG = LoggerFactory.getLogger(EcsServices.class);

    /** The most services in one call of DescribeServices. */
    static final int MAX_SERVICES = 10;

    static final String ACTIVE = "ACTIVE";

    private final EcsClient client;
    private final Event event;
    private final boolean eventsCluster;
    private final EventOutcome eventOutcome;
    private String detail = "";
    private String began;

    /**
     * @param event the event; null when the body is not an event
     * @param eventsCluster whether the cluster is the event's, and not set by a parameter
     */
    EcsServices(EcsClient client, Event event, boolean eventsCluster, Exchange exchange) {
        this.client = client;
        this.event = event;
        this.eventsCluster = eventsCluster && event != null;
        this.eventOutcome = EventOutcome.of(exchange);
    }

    /**
     * Starts a deployment, unless one is in progress or was started after the event. That one replaces every task that
     * the event can be about.
     *
     * @param name null when the task belongs to no service
     * @param service what DescribeServices returned; null when ECS does not know it, or was not called
     * @param spot decides about a Spot interruption; null for other events
     */
    String redeploy(String cluster, String name, Service service, SpotGuard spot) {
        if (name == null) {
            return skipped(SkipReason.NO_SERVICE, "redeploy/" + cluster);
        }
        String what = "redeploy/" + cluster + "/" + name;
        if (otherRegion()) {
            return skipped(SkipReason.OTHER_REGION, what);
        }
        Optional<SkipReason> untouchable = untouchable(service);
        if (service == null) {
            LOG.warn("not redeploying {}/{}: service not found in ECS; it may have been deleted", cluster, name);
        }
        if (untouchable.isPresent()) {
            return skipped(untouchable.get(), what);
        }
        String policy = spot == null ? "" : spot.policy(cluster, service);
        if (policy.equals(SpotPolicy.OBSERVE)) {
            return skipped(SkipReason.OBSERVE, what);
        }
        if (policy.equals(SpotPolicy.FAILOVER)) {
            spot.countBurst(service);
            return EcsServiceEndpoint.FAILOVER;
        }
        if (Deployments.inProgress(service.deployments())) {
            return skipped(SkipReason.IN_PROGRESS, what);
        }
        Instant eventTime = event == null ? null : event.time();
        boolean deployedSince = eventTime != null
                && service.deployments().stream()
                        .filter(d -> d.rolloutState() != DeploymentRolloutState.FAILED)
                        .anyMatch(d -> d.createdAt() != null && d.createdAt().isAfter(eventTime));
        if (deployedSince) {
            return skipped(SkipReason.ALREADY_DEPLOYED, what);
        }
        if (spot != null && !ChangeTexts.rolling(service)) {
            return skipped(SkipReason.SHIFTS_TRAFFIC, what);
        }
        SpotGuard.Held held = spot == null ? null : spot.held(service).orElse(null);
        detail = spot == null ? "" : spot.detail(held);
        if (held != null) {
            return skipped(held.reason(), what + ": " + held.numbers());
        }
        UpdateServiceRequest.Builder change = UpdateServiceRequest.builder().forceNewDeployment(true);
        if (spot == null) {
            return update("redeploying", cluster, name, change, what);
        }
        spot.starting();
        String outcome = "";
        try {
            outcome = update("redeploying", cluster, name, change, what);
            return outcome;
        } finally {
            if (!outcome.equals(EcsServiceEndpoint.UPDATED)) {
                spot.notStarted();
            }
        }
    }

    /**
     * Why Steward cannot start any deployment of a service; empty if it can.
     *
     * @param service what DescribeServices returned; null when ECS does not know it
     */
    Optional<SkipReason> untouchable(Service service) {
        if (service == null) {
            return Optional.of(SkipReason.SERVICE_NOT_FOUND);
        }
        if (otherAccount(service.clusterArn())) {
            return Optional.of(SkipReason.OTHER_ACCOUNT);
        }
        if (!ACTIVE.equals(service.status())) {
            return Optional.of(SkipReason.SERVICE_INACTIVE);
        }
        if (service.deploymentController() != null
                && service.deploymentController().type() != DeploymentControllerType.ECS) {
            return Optional.of(SkipReason.EXTERNAL_CONTROLLER);
        }
        return service.desiredCount() != null && service.desiredCount() == 0
                ? Optional.of(SkipReason.SCALED_TO_ZERO)
                : Optional.empty();
    }

    /** Details of the outcome; empty for none. */
    String detail() {
        return detail;
    }

    /** The newest deployment after the last update; null if unknown. */
    String began() {
        return began;
    }

    /** The current state in ECS of the agent of a container instance. */
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

    /** Whether the event's cluster is in another Region than the client. */
    boolean otherRegion() {
        Region ours = client.serviceClientConfiguration().region();
        return ours != null
                && eventsCluster
                && event.region() != null
                && !event.region().equals(ours.id());
    }

    /**
     * Whether the cluster is in another account than the event's: ECS resolves a cluster's name in the caller's
     * account.
     */
    boolean otherAccount(String clusterArn) {
        String ours = Arn.parse(clusterArn).map(Arn::account).orElse(null);
        return ours != null
                && eventsCluster
                && event.account() != null
                && !event.account().equals(ours);
    }

    /**
     * Calls UpdateService.
     *
     * @param doing a gerund for error messages: {@code redeploying}
     * @param what the action for the log, if the service was deleted meanwhile: {@code redeploy/prod/web}
     */
    String update(String doing, String cluster, String name, UpdateServiceRequest.Builder change, String what) {
        UpdateServiceRequest request = change.cluster(cluster).service(name).build();
        try {
            Service updated = EcsErrors.during(doing + " " + cluster + "/" + name, () -> client.updateService(request))
                    .service();
            began = updated == null
                    ? null
                    : updated.deployments().stream()
                            .filter(d -> "PRIMARY".equals(d.status()))
                            .findFirst()
                            .map(Deployment::id)
                            .orElse(null);
        } catch (ServiceNotFoundException e) {
            LOG.warn("not {} {}/{}: service not found in ECS; it may have been deleted", doing, cluster, name);
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
        if (request.taskDefinition() != null) {
            parameters.put("taskDefinition", request.taskDefinition());
        }
        request.capacityProviderStrategy()
                .forEach(item -> parameters
                        .withArray("capacityProviderStrategy")
                        .addObject()
                        .put("capacityProvider", item.capacityProvider())
                        .put("base", item.base())
                        .put("weight", item.weight()));
        eventOutcome.performed(new Action("ecs", "UpdateService", cluster + "/" + name, parameters, null));
        return EcsServiceEndpoint.UPDATED;
    }

    /** Sets one tag of a service; its other tags are unchanged. */
    void tag(Service found, String cluster, String key, String value) {
        String about = cluster + "/" + found.serviceName();
        EcsErrors.during(
                "tagging " + about,
                () -> client.tagResource(r -> r.resourceArn(found.serviceArn())
                        .tags(Tag.builder().key(key).value(value).build())));
        ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("resourceArn", found.serviceArn());
        parameters.putArray("tags").addObject().put("key", key).put("value", value);
        eventOutcome.performed(new Action("ecs", "TagResource", about, parameters, null));
    }

    /** Removes one tag of a service. */
    void untag(Service found, String cluster, String key) {
        String about = cluster + "/" + found.serviceName();
        EcsErrors.during(
                "untagging " + about,
                () -> client.untagResource(
                        r -> r.resourceArn(found.serviceArn()).tagKeys(key)));
        ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("resourceArn", found.serviceArn());
        parameters.putArray("tagKeys").add(key);
        eventOutcome.performed(new Action("ecs", "UntagResource", about, parameters, null));
    }

    /** The services by name. A service that ECS does not know is absent from the map. */
    static Map<String, Service> describe(EcsClient client, String cluster, List<String> names) {
        List<Service> found = new ArrayList<>();
        for (int from = 0; from < names.size(); from += MAX_SERVICES) {
            List<String> batch = names.subList(from, Math.min(names.size(), from + MAX_SERVICES));
            found.addAll(EcsErrors.during(
                    "describing " + cluster + "/" + String.join(",", batch),
                    () -> client.describeServices(
                                    r -> r.cluster(cluster).services(batch).include(ServiceField.TAGS))
                            .services()));
        }
        return found.stream().collect(Collectors.toMap(Service::serviceName, Function.identity(), (a, b) -> a));
    }

    /** Records that an action was skipped, and returns the reason's word. */
    String skipped(SkipReason reason, String what) {
        eventOutcome.skipped(reason, what);
        return reason.word();
    }
}
