package io.ecssteward.outcome;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why an action was skipped. The word in kebab-case is the same in the log, in metrics and here. */
public enum SkipReason {
    DUPLICATE("This event was already handled."),
    STALE("A later state of the same resource was already seen, the alert has already ended, or the event is too old."),
    COOLDOWN("The action or alert repeats one within its cool-down, or ECS has just refused the action."),
    IGNORED("No route matches the event, or the routes that match did nothing about it."),
    ROUTINE("The task stopped for a reason that is known to be routine."),
    NO_SERVICE("The task belongs to no service, or no service was named."),
    OTHER_REGION("The event is from another region than Steward's."),
    OTHER_ACCOUNT("The event is from another account than Steward's, where a cluster has the same name."),
    NOT_LISTED("No service is listed in STEWARD_ONE_PER_INSTANCE_SERVICES."),
    NOT_IN_CLUSTER("A service listed in STEWARD_ONE_PER_INSTANCE_SERVICES is not in this cluster."),
    SERVICE_NOT_FOUND("ECS has no such service; it may have been deleted."),
    SERVICE_INACTIVE("The service is being deleted, or was."),
    IN_PROGRESS("A deployment of the service is in progress, and replaces its tasks itself."),
    ALREADY_DEPLOYED("A deployment younger than the event has already replaced the tasks."),
    /**
     * Such a deployment's tasks cannot replace an interrupted one before the shift.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html">lifecycleStages:
     *     the blue revision handles all production traffic until PRODUCTION_TRAFFIC_SHIFT</a>
     */
    SHIFTS_TRAFFIC("The service's deployments shift traffic, so that new tasks do no work until the shift."),
    OBSERVE("The policy for Spot interruptions of the service is `observe`."),
    FAILOVER("The policy for Spot interruptions of the service is `failover`, so it is not redeployed."),
    NO_STRATEGY("The service has a launch type, or no capacity provider strategy of its own."),
    NO_SPOT("The service's capacity provider strategy has no FARGATE_SPOT, or others than Fargate's providers."),
    CHANGED_BY_HAND("Somebody changed the service's capacity provider strategy, less than the calm time ago."),
    SMALL_SHARE("So few of the service's tasks were interrupted that replacing all of them would do harm."),
    HOURLY_CAP("The service was redeployed as often in an hour as it may be."),
    SCALED_TO_ZERO("The service's desired count is 0: somebody stopped it."),
    EXTERNAL_CONTROLLER("CODE_DEPLOY or EXTERNAL deploys the service, and ECS accepts no redeployment."),
    ROLLED_BACK("ECS rolls the service back, or has."),
    DEPLOYMENT_FAILED("The last deployment failed, and another one would start the same tasks."),
    NOTHING_COMPLETED("No deployment completed that the service could be rolled back to."),
    TASK_DEFINITION_INACTIVE("The task definition was deregistered, so ECS starts no tasks from it."),
    CHANGED("The service has changed since a person confirmed the change."),
    DAEMON("The service is a DAEMON service: ECS itself runs one task on each instance."),
    AT_COUNT("The service already has the desired count that it should have."),
    DRAINING("The container instance is draining or gone, or one that drains explains a failed placement."),
    SUPPRESSED("A composite alarm suppresses the alarm's actions."),
    MUTED("A mute rule mutes the alarm's actions."),
    CONTRIBUTOR("An alert about a contributor of the alarm was already sent."),
    NO_INCIDENT("There is no open incident that the alert could resolve, or that the action is about."),
    NOT_ALLOWED("The person in Slack is not an operator."),
    TOO_LATE("A person requested it so long ago that it would be a surprise now."),
    NO_DETAIL("AWS has no detail about the alert, or denies access, or too many details wait."),
    NO_CONTAINER_INSTANCE("The EC2 instance is in none of the clusters that were searched."),
    OTHER_CLUSTER("The EC2 instance may be in a cluster that was not searched."),
    NOT_ACTIVE("The container instance is neither ACTIVE nor DRAINING."),
    EXTERNAL_INSTANCE("The container instance is outside AWS (ECS Anywhere)."),
    MANAGED_INSTANCE("ECS replaces its Managed Instances itself."),
    MANAGED_DRAINING("ECS drains the instance itself, because its capacity provider has managed draining."),
    HIBERNATES("The instance hibernates, and comes back as it was; drained, it would come back without tasks."),
    OTHER_HOOK("The lifecycle hook is not listed in STEWARD_HOSTS_LIFECYCLE_HOOKS."),
    ACTION_OVER("The lifecycle action is over: it was completed, or it timed out."),
    RECONNECTED("The agent is connected again, or has not been disconnected for long enough."),
    MANY_AWAY("So many agents of the cluster are disconnected at once that the fault is not the host's."),
    NOTHING_TO_MOVE("No task of a service runs on the container instance, so draining it would move nothing."),
    NO_OTHER_HOST("No other container instance of the cluster could take the tasks.");

    private final String description;
    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    SkipReason(String description) {
        this.description = description;
    }

    /** Its meaning, in a sentence for operators, as in docs/operating.md. */
    public String description() {
        return description;
    }

    /** The word: {@code already-deployed}. */
    public String word() {
        return word;
    }

    /**
     * The reason with this word.
     *
     * @throws IllegalArgumentException if there is no such reason; the message lists the reasons
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
