package io.ecssteward.outcome;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why an action was skipped. The word in kebab-case is the same in the log, in metrics and here. */
public enum SkipReason {
    /** This event was already handled. */
    DUPLICATE,
    /** A later state of the same task or container instance was already seen, or the end of what fires. */
    STALE,
    /** The same action was performed, or the same alert sent, less than the cool-down ago. */
    COOLDOWN,
    /** The event is of a kind that no route does anything about. */
    IGNORED,
    /** The task stopped for a reason that is known to be routine. */
    ROUTINE,
    /** The task belongs to no service. */
    NO_SERVICE,
    /** The event is from a region that the steward's ECS client does not work in. */
    OTHER_REGION,
    /** The event is from an account that the steward does not work in, where a cluster has the same name. */
    OTHER_ACCOUNT,
    /** No service is listed as one-per-instance. */
    NOT_LISTED,
    /** A service that is listed as one-per-instance is not in this cluster. */
    NOT_IN_CLUSTER,
    /** ECS has no such service; it may have been deleted. */
    SERVICE_NOT_FOUND,
    /** The service is being deleted, or was. */
    SERVICE_INACTIVE,
    /** A deployment of the service is in progress, and replaces tasks or starts them again itself. */
    IN_PROGRESS,
    /** A deployment younger than the event has already replaced the tasks. */
    ALREADY_DEPLOYED,
    /**
     * The service's deployments shift traffic: none of their tasks does the work of an interrupted one before that.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html">lifecycleStages:
     *     the blue revision handles all production traffic until PRODUCTION_TRAFFIC_SHIFT</a>
     */
    SHIFTS_TRAFFIC,
    /** The policy for the service's Spot interruptions is to observe. */
    OBSERVE,
    /** The policy for the service is to fail over to on-demand, so it is not redeployed. */
    FAILOVER,
    /** The service has a launch type, or no capacity provider strategy of its own that could be changed. */
    NO_STRATEGY,
    /** The service's capacity provider strategy places no tasks on FARGATE_SPOT, or not only on Fargate. */
    NO_SPOT,
    /** Somebody changed the service's capacity provider strategy by hand, less than the calm time ago. */
    CHANGED_BY_HAND,
    /** So small a share of the service's tasks was interrupted that replacing all of them would do harm. */
    SMALL_SHARE,
    /** The service was redeployed as often in an hour as it may be. */
    HOURLY_CAP,
    /** The service's desired count is 0: somebody stopped it, and it is left alone. */
    SCALED_TO_ZERO,
    /** CODE_DEPLOY or EXTERNAL deploys the service, and ECS accepts no redeployment from us. */
    EXTERNAL_CONTROLLER,
    /** ECS rolls the service back by itself, or has. */
    ROLLED_BACK,
    /** ECS stopped the last deployment, and another one would start the same tasks. */
    DEPLOYMENT_FAILED,
    /** No deployment completed that the service could be rolled back to. */
    NOTHING_COMPLETED,
    /** The task definition was deregistered, and ECS starts nothing from it. */
    TASK_DEFINITION_INACTIVE,
    /** ECS is no longer as it was when a person confirmed the change. */
    CHANGED,
    /** A DAEMON service: ECS itself runs one task on each instance. */
    DAEMON,
    /** The service already has the desired count that it should have. */
    AT_COUNT,
    /** The container instance is draining or gone. */
    DRAINING,
    /** A composite alarm suppresses the alarm's actions. */
    SUPPRESSED,
    /** A mute rule mutes the alarm's actions. */
    MUTED,
    /** An alert about a contributor of the alarm was sent already. */
    CONTRIBUTOR,
    /** There is no open incident that the alert could resolve, or that the action is about. */
    NO_INCIDENT,
    /** The person in Slack is not an operator. */
    NOT_ALLOWED,
    /** A person requested it so long ago that it would be a surprise now. */
    TOO_LATE,
    /** AWS has no detail about the alert, or denies access. */
    NO_DETAIL,
    /** The EC2 instance is in none of the clusters that were searched. */
    NO_CONTAINER_INSTANCE,
    /** The EC2 instance may be in a cluster that was not searched. */
    OTHER_CLUSTER,
    /** The container instance is neither ACTIVE nor DRAINING. */
    NOT_ACTIVE,
    /** The container instance is outside AWS (ECS Anywhere). */
    EXTERNAL_INSTANCE,
    /** ECS replaces its Managed Instances itself. */
    MANAGED_INSTANCE,
    /** ECS drains the instance itself: its capacity provider has managed draining. */
    MANAGED_DRAINING,
    /** The instance hibernates, and comes back as it was; drained, it would come back without work. */
    HIBERNATES,
    /** The lifecycle hook is none of those that are ours to complete. */
    OTHER_HOOK,
    /** The lifecycle action is over: completed already, or its time was. */
    ACTION_OVER,
    /** The agent is connected again, or has not been disconnected for long enough. */
    RECONNECTED,
    /** So many agents of the cluster are away at once that the fault is not the host's. */
    MANY_AWAY,
    /** No task of a service runs on the container instance, so that draining it would move nothing. */
    NOTHING_TO_MOVE,
    /** No other container instance of the cluster could take the tasks. */
    NO_OTHER_HOST;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word: {@code already-deployed}. */
    public String word() {
        return word;
    }

    /**
     * The reason with this word.
     *
     * @throws IllegalArgumentException naming the reasons there are, when there is no such one
     */
    public static SkipReason of(String word) {
        return Arrays.stream(values())
                .filter(r -> r.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is not a reason; there are "
                        + Arrays.stream(values()).map(SkipReason::word).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return word();
    }
}
