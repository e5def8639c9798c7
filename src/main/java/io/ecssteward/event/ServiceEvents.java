package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** What service actions and deployments have in common: a service's ARN, a name for what happened, and a reason. */
final class ServiceEvents {
    private ServiceEvents() {}

    private record Meaning(Severity severity, String says) {}

    private static final Map<String, Meaning> MEANINGS = Map.ofEntries(
            Map.entry(
                    "SERVICE_TASK_START_IMPAIRED", new Meaning(Severity.ERROR, "cannot consistently start its tasks")),
            Map.entry("SERVICE_TASK_PLACEMENT_FAILURE", new Meaning(Severity.ERROR, "cannot place a task")),
            Map.entry(
                    "SERVICE_TASK_CONFIGURATION_FAILURE",
                    new Meaning(Severity.ERROR, "cannot place a task: its configuration is wrong")),
            Map.entry(
                    "SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED",
                    new Meaning(Severity.ERROR, "has a daemon task that no longer meets its placement constraint")),
            Map.entry("SERVICE_DEPLOYMENT_FAILED", new Meaning(Severity.ERROR, "failed to deploy")),
            Map.entry("SERVICE_HEALTH_UNKNOWN", new Meaning(Severity.ERROR, "has an unknown health")),
            Map.entry("ECS_OPERATION_THROTTLED", new Meaning(Severity.WARNING, "is throttled by ECS")),
            Map.entry(
                    "SERVICE_DISCOVERY_OPERATION_THROTTLED",
                    new Meaning(Severity.WARNING, "is throttled by Cloud Map")),
            Map.entry(
                    "SERVICE_DISCOVERY_INSTANCE_UNHEALTHY",
                    new Meaning(Severity.WARNING, "has a task that Cloud Map reports unhealthy")),
            Map.entry(
                    "VPC_LATTICE_TARGET_UNHEALTHY",
                    new Meaning(Severity.WARNING, "has a target that VPC Lattice reports unhealthy")),
            Map.entry("SERVICE_STEADY_STATE", new Meaning(Severity.INFO, "reached a steady state")),
            Map.entry("SERVICE_DEPLOYMENT_IN_PROGRESS", new Meaning(Severity.INFO, "is being deployed")),
            Map.entry("SERVICE_DEPLOYMENT_COMPLETED", new Meaning(Severity.INFO, "was deployed")),
            Map.entry("SERVICE_DESIRED_COUNT_UPDATED", new Meaning(Severity.INFO, "has a new desired count")));

    /** ARNs in the old format lack the cluster; where the resource and clusterArn disagree, the resource wins. */
    static String cluster(Payload payload) {
        return Arn.parse(payload.resource())
                .flatMap(Arn::cluster)
                .orElse(Arn.nameOf(payload.firstText("detail.clusterArn")));
    }

    /** Task set and capacity provider events have a resource that is no service. */
    static String service(Payload payload) {
        return Arn.parse(payload.resource())
                .filter(arn ->
                        arn.resource().startsWith("service/") && !arn.resource().endsWith("/"))
                .map(Arn::name)
                .orElse(null);
    }

    static Alert alert(Event event, String eventName) {
        Payload payload = event.payload();
        Meaning meaning = MEANINGS.getOrDefault(eventName, new Meaning(Severity.WARNING, "reports " + eventName));
        String name = event.cluster() == null
                ? Arn.nameOf(payload.resource())
                : event.cluster() + "/" + Arn.nameOf(payload.resource());
        return Alert.about("service/" + event.account() + "/" + event.region() + "/" + name + "/" + eventName)
                .state(meaning.severity() == Severity.INFO ? Alert.State.INFO : Alert.State.FIRING)
                .severity(meaning.severity())
                .title(name + " " + meaning.says())
                .text(payload.text("detail.reason"))
                .field("Cluster", event.cluster())
                .field("Service", event.service())
                .field("Event", eventName)
                .field("Deployment", payload.firstText("detail.deploymentId"))
                .field(
                        "Capacity providers",
                        String.join(
                                ", ",
                                payload.list("detail.capacityProviderArns").stream()
                                        .map(Payload::textOf)
                                        .filter(Objects::nonNull)
                                        .map(Arn::nameOf)
                                        .toList()))
                .field("Account", event.account())
                .field("Region", event.region())
                .link("View service", ConsoleLinks.service(event.region(), event.cluster(), event.service()))
                .coolDown(Duration.ofMinutes(15))
                .build();
    }
}
