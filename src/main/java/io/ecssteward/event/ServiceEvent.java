package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What ECS says about a service, a deployment, a lifecycle hook or a daemon: a name for what happened, of which
 * {@link ServiceEventName} knows the meaning, an event type (INFO, WARN, WARNING, ERROR), and mostly a reason.
 *
 * <p>A real SERVICE_TASK_PLACEMENT_FAILURE carried the event type INFO: the name decides, and the type only where
 * nobody knows the name.
 */
public sealed interface ServiceEvent extends Event
        permits DaemonDeploymentStateChange,
                DaemonServiceAction,
                DeploymentStateChange,
                HookStateChange,
                ServiceAction {

    /** What happened: {@code SERVICE_TASK_START_IMPAIRED}. */
    String eventName();

    /**
     * All that tells two of them apart: a service can fail twice, one daemon on two instances, and a deployment can be
     * rolled back to one more time.
     */
    @Override
    default String identity() {
        String at = payload().firstText("detail.updatedAt", "detail.createdAt");
        return at == null
                ? payload().fallbackIdentity()
                : present(type(), payload().resource(), eventName(), process(), place(), at);
    }

    /** ARNs in the old format lack the cluster; where the resource and clusterArn disagree, the resource wins. */
    @Override
    default String cluster() {
        return arns().map(Arn::cluster)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(Arn.nameOf(payload().firstText("detail.clusterArn")));
    }

    @Override
    default String clusterArn() {
        return payload().firstText("detail.clusterArn");
    }

    /** Null in the events of daemons and capacity providers. */
    @Override
    default String service() {
        return owner("service").or(() -> owner("task-set")).orElse(null);
    }

    /** The managed daemon's name; null where the event is about a service. */
    default String daemon() {
        return owner("daemon").orElse(null);
    }

    @Override
    default String task() {
        return Arn.nameOf(payload().firstText("detail.taskArn"));
    }

    @Override
    default Alert alert() {
        Payload payload = payload();
        String cluster = cluster();
        String service = service();
        String daemon = daemon();
        String task = task();
        String region = region();
        Optional<ServiceEventName> known = ServiceEventName.of(eventName());
        Severity severity = known.map(ServiceEventName::severity).orElseGet(this::severityByType);
        String instance = Arn.nameOf(payload.firstText("detail.containerInstanceArn"));
        String owner = Stream.of(service, daemon, instance, Arn.nameOf(payload.resource()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        String name = present(cluster, owner);
        String subject = subject(eventName().startsWith("DAEMON_") ? "daemon" : "service", owner);
        String ends = known.map(ServiceEventName::ends).orElse(null);
        // The deployment, and the time of its change: each is news. What is about none is once in the cool-down.
        String process = process();
        return Alert.about(present(
                        subject,
                        ends == null ? eventName() : ends + "*",
                        ends == null ? payload.firstText("detail.failureType") : null))
                .incident(subject)
                .resource(arns().map(Arn::text).findFirst().orElse(null))
                .resolveAfter(Alert.NO_NEWS_OF_SERVICE)
                .occurrence(process == null ? null : present(process, payload.firstText("detail.updatedAt")))
                .state(
                        ends != null
                                ? Alert.State.RESOLVED
                                : severity == Severity.INFO ? Alert.State.INFO : Alert.State.FIRING)
                // As severe as most of what it ends, so that it goes to the same channel.
                .severity(ends == null ? severity : Severity.ERROR)
                .title((name == null ? "ECS" : name) + " "
                        + known.map(ServiceEventName::says).orElse("reports " + eventName()))
                .text(payload.text("detail.reason"))
                .field("Cluster", cluster)
                .field("Service", service)
                .field("Daemon", daemon)
                .field("Event", eventName())
                .field("Failure", payload.firstText("detail.failureType"))
                .field("Deployment", Arn.nameOf(deployment()))
                .field("Stage", payload.firstText("detail.lifecycleStage"))
                .field("Hook", payload.firstText("detail.hookType"))
                .field("Hook id", payload.firstText("detail.hookId"))
                .field("Until", payload.firstText("detail.expiresAt"))
                .field("Container instance", instance == null ? names("detail.containerInstanceArns") : instance)
                .field("Task", task)
                .field("Capacity providers", names("detail.capacityProviderArns"))
                .field("Capacity provider", payload.firstText("detail.capacityProviderName"))
                .field("Account", account())
                .field("Region", region)
                .link("View service", ConsoleLinks.service(region, cluster, service))
                .link("View task", ConsoleLinks.task(region, cluster, task))
                .link("View container instance", ConsoleLinks.containerInstance(region, cluster, instance))
                .coolDown(Duration.ofMinutes(15))
                .build();
    }

    private Severity severityByType() {
        String type = payload().firstText("detail.eventType");
        return "ERROR".equals(type) ? Severity.ERROR : "INFO".equals(type) ? Severity.INFO : Severity.WARNING;
    }

    /** The deployment, or the hook of one, that goes through several states; null for what has none. */
    private String process() {
        return present(deployment(), payload().firstText("detail.hookId"));
    }

    private String deployment() {
        return payload().firstText("detail.deploymentId", "detail.daemonDeploymentArn", "detail.serviceDeploymentArn");
    }

    /** Where it happened, as far as the resource does not say it; null where that is all. */
    private String place() {
        return present(
                payload().firstText("detail.daemonArn"),
                payload().firstText("detail.containerInstanceArn"),
                payload().firstText("detail.taskArn"));
    }

    private Optional<String> owner(String kind) {
        return arns().map(arn -> arn.owner(kind)).flatMap(Optional::stream).findFirst();
    }

    /** The ARNs that can name the service or the daemon, the most telling first. */
    private Stream<Arn> arns() {
        return Stream.of("resources.0", "detail.serviceArn", "detail.daemonArn", "detail.daemonRevisionArn")
                .map(payload()::firstText)
                .map(Arn::parse)
                .flatMap(Optional::stream);
    }

    private String names(String path) {
        return payload().list(path).stream()
                .map(Payload::textOf)
                .filter(Objects::nonNull)
                .map(Arn::nameOf)
                .collect(Collectors.joining(", "));
    }

    /** Those that are not null, joined by slashes; null when none is left. */
    private static String present(String... parts) {
        String joined = Stream.of(parts).filter(Objects::nonNull).collect(Collectors.joining("/"));
        return joined.isEmpty() ? null : joined;
    }
}
