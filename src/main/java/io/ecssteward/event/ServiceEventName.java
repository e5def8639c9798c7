package io.ecssteward.event;

import io.ecssteward.alert.Severity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names in the events of services, deployments, hooks and daemons: what each means, and what resolves it. Every
 * name except INFO ones causes an alert: routes/service-events.camel.yaml and terraform/patterns list it, samples/ has
 * an event with it, and tests compare them.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html">Service action
 *     events</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html">Service
 *     deployment state change events</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html">Hook
 *     state change events</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-daemons-events.html">Daemon
 *     events</a>
 */
enum ServiceEventName {
    SERVICE_TASK_START_IMPAIRED(Severity.ERROR, "cannot consistently start its tasks"),
    SERVICE_TASK_PLACEMENT_FAILURE(Severity.ERROR, "cannot place a task"),
    SERVICE_TASK_CONFIGURATION_FAILURE(Severity.ERROR, "cannot place a task: its configuration is wrong"),
    SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED(
            Severity.ERROR, "has a daemon task that no longer meets its placement constraint"),
    SERVICE_HEALTH_UNKNOWN(Severity.ERROR, "has an unknown health"),
    SERVICE_DEPLOYMENT_FAILED(
            Severity.ERROR, "failed to deploy", ServiceAction.DETAIL_TYPE, DeploymentStateChange.DETAIL_TYPE),
    SERVICE_DISCOVERY_INSTANCE_UNHEALTHY(Severity.WARNING, "has a task that Cloud Map reports unhealthy"),
    VPC_LATTICE_TARGET_UNHEALTHY(Severity.WARNING, "has a target that VPC Lattice reports unhealthy"),
    ECS_OPERATION_THROTTLED(Severity.WARNING, "is throttled by ECS"),
    SERVICE_DISCOVERY_OPERATION_THROTTLED(Severity.WARNING, "is throttled by Cloud Map"),
    SERVICE_STEADY_STATE(Severity.INFO, "reached a steady state"),
    TASKSET_STEADY_STATE(Severity.INFO, "has a task set that reached a steady state"),
    CAPACITY_PROVIDER_STEADY_STATE(Severity.INFO, "has a capacity provider that reached a steady state"),
    SERVICE_DESIRED_COUNT_UPDATED(Severity.INFO, "has a new desired count"),
    TASKS_STOPPED(Severity.INFO, "stopped tasks"),
    SERVICE_DEPLOYMENT_IN_PROGRESS(
            Severity.INFO, "is being deployed", ServiceAction.DETAIL_TYPE, DeploymentStateChange.DETAIL_TYPE),
    SERVICE_DEPLOYMENT_COMPLETED(
            Severity.INFO, "was deployed", ServiceAction.DETAIL_TYPE, DeploymentStateChange.DETAIL_TYPE),

    /** AWS gives it the type INFO, but the deployment is paused until a person responds. */
    HOOK_AWAITING_ACTION(
            Severity.WARNING, "needs somebody to continue its deployment or roll it back", HookStateChange.DETAIL_TYPE),
    HOOK_FAILED(
            Severity.ERROR, "is rolled back: a lifecycle hook of its deployment failed", HookStateChange.DETAIL_TYPE),
    HOOK_TIMED_OUT(
            Severity.ERROR, "has a lifecycle hook of its deployment that timed out", HookStateChange.DETAIL_TYPE),
    HOOK_IN_PROGRESS(Severity.INFO, "runs a lifecycle hook of its deployment", HookStateChange.DETAIL_TYPE),
    HOOK_SUCCEEDED(Severity.INFO, "passed a lifecycle hook of its deployment", HookStateChange.DETAIL_TYPE),

    DAEMON_TASK_START_IMPAIRED(Severity.ERROR, "cannot start a daemon task", DaemonServiceAction.DETAIL_TYPE),
    DAEMON_DEPLOYMENT_ROLLBACK_IN_PROGRESS(
            Severity.ERROR, "failed to deploy and is rolled back", DaemonDeploymentStateChange.DETAIL_TYPE),
    DAEMON_DEPLOYMENT_ROLLBACK_FAILED(
            Severity.CRITICAL,
            "failed to deploy, and the rollback failed too",
            DaemonDeploymentStateChange.DETAIL_TYPE),

    /** The deployment failed, or a newer one replaced it: the event does not say which. */
    DAEMON_DEPLOYMENT_STOPPED(
            Severity.WARNING,
            "has a deployment that stopped: it failed, or a newer one replaced it",
            DaemonDeploymentStateChange.DETAIL_TYPE),
    DAEMON_DEPLOYMENT_PENDING(Severity.INFO, "is about to be deployed", DaemonDeploymentStateChange.DETAIL_TYPE),
    DAEMON_DEPLOYMENT_IN_PROGRESS(Severity.INFO, "is being deployed", DaemonDeploymentStateChange.DETAIL_TYPE),
    DAEMON_DEPLOYMENT_SUCCESSFUL(Severity.INFO, "was deployed", DaemonDeploymentStateChange.DETAIL_TYPE),
    DAEMON_DEPLOYMENT_STOP_REQUESTED(
            Severity.INFO, "has a deployment that is being stopped", DaemonDeploymentStateChange.DETAIL_TYPE),
    DAEMON_DEPLOYMENT_ROLLBACK_SUCCESSFUL(Severity.INFO, "was rolled back", DaemonDeploymentStateChange.DETAIL_TYPE);

    private final Severity severity;
    private final String says;
    private final List<String> detailTypes;

    ServiceEventName(Severity severity, String says, String... detailTypes) {
        this.severity = severity;
        this.says = says;
        this.detailTypes = detailTypes.length == 0 ? List.of(ServiceAction.DETAIL_TYPE) : List.of(detailTypes);
    }

    /** The name, if it is known. */
    static Optional<ServiceEventName> of(String name) {
        return Stream.of(values()).filter(known -> known.name().equals(name)).findFirst();
    }

    /** The severity; INFO is routine. */
    Severity severity() {
        return severity;
    }

    /** What happened, as the rest of a sentence that begins with the resource's name: "cannot place a task". */
    String says() {
        return says;
    }

    /**
     * It resolves alerts of the same service or daemon whose event name begins with this prefix; null if it resolves
     * none.
     */
    String ends() {
        return switch (this) {
            case SERVICE_STEADY_STATE, DAEMON_DEPLOYMENT_SUCCESSFUL, DAEMON_DEPLOYMENT_ROLLBACK_SUCCESSFUL -> "";
            case SERVICE_DEPLOYMENT_COMPLETED -> SERVICE_DEPLOYMENT_FAILED.name();
            case HOOK_SUCCEEDED -> HOOK_AWAITING_ACTION.name();
            default -> null;
        };
    }

    /** The events that resolve it; none for routine events. */
    List<ServiceEventName> endedBy() {
        return Stream.of(values())
                .filter(end -> severity != Severity.INFO
                        && end.ends() != null
                        && name().startsWith(end.ends())
                        && name().startsWith("DAEMON_") == end.name().startsWith("DAEMON_"))
                .toList();
    }

    /** The detail-types of the events that have this name. */
    List<String> detailTypes() {
        return detailTypes;
    }
}
