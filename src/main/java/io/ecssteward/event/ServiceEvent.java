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
 * An ECS event about a service, a deployment, a lifecycle hook or a daemon. It has an event name, whose meaning is in
 * {@link ServiceEventName}, an event type (INFO, WARN, WARNING, ERROR), and usually a reason.
 *
 * <p>A real SERVICE_TASK_PLACEMENT_FAILURE had the event type INFO: the name sets the severity, and the type only if
 * the name is unknown.
 */
public sealed interface ServiceEvent extends Event
        permits DaemonDeploymentStateChange,
                DaemonServiceAction,
                DeploymentStateChange,
                HookStateChange,
                ServiceAction {

    /** The event name: {@code SERVICE_TASK_START_IMPAIRED}. */
    String eventName();

    /**
     * Everything that distinguishes two events: a service can fail twice, a daemon can fail on two instances, and a
     * deployment can be the target of several rollbacks.
     */
    @Override
    default String identity() {
        String at = payload().firstText("detail.updatedAt", "detail.createdAt");
        return at == null
                ? payload().fallbackIdentity()
                : present(type(), payload().resource(), eventName(), process(), place(), at);
    }

    /** ARNs in the old format lack the cluster; if the resource and clusterArn differ, the resource wins. */
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

    /** The managed daemon's name; null if the event is about a service. */
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
        // With a deployment, each change is an occurrence, and causes an alert. Without one, there is one alert per
        // cool-down.
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
                // As severe as most alerts that it resolves, so that it goes to the same channel.
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

    /** The deployment or hook that goes through several states; null if there is none. */
    private String process() {
        return present(deployment(), payload().firstText("detail.hookId"));
    }

    private String deployment() {
        return payload().firstText("detail.deploymentId", "detail.daemonDeploymentArn", "detail.serviceDeploymentArn");
    }

    /** The ARNs that identify where it happened, beyond the event's resource; null if there are none. */
    private String place() {
        return present(
                payload().firstText("detail.daemonArn"),
                payload().firstText("detail.containerInstanceArn"),
                payload().firstText("detail.taskArn"));
    }

    private Optional<String> owner(String kind) {
        return arns().map(arn -> arn.owner(kind)).flatMap(Optional::stream).findFirst();
    }

    /** The ARNs that can name the service or the daemon, the most specific first. */
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

    /** The parts that are not null, joined by slashes; null if there are none. */
    private static String present(String... parts) {
        String joined = Stream.of(parts).filter(Objects::nonNull).collect(Collectors.joining("/"));
        return joined.isEmpty() ? null : joined;
    }
}
