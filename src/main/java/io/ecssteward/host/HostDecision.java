package io.ecssteward.host;

import io.ecssteward.event.HostNotice;
import io.ecssteward.outcome.SkipReason;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.ManagedDraining;

/**
 * Decides whether a container instance is set to DRAINING. {@link #of} is the truth table.
 *
 * <p>DescribeCapacityProviders says whether ECS drains an instance itself
 * ({@code autoScalingGroupProvider.managedDraining}). ECS does so when Auto Scaling terminates the instance. On a Spot
 * interruption, only the agent can drain the instance, and nothing in ECS drains the instance of a disconnected agent.
 * ECS does not show whether the agent drains its instance on a Spot interruption
 * ({@code ECS_ENABLE_SPOT_INSTANCE_DRAINING}): no attribute that an agent registers says so. In that case, the agent
 * and Steward may both drain the instance; the second one finds it DRAINING, which is harmless.
 *
 * @param refused why it is not drained; null when it is
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instance-draining.html">Managed
 *     instance draining</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/spot-instance-draining-linux-container.html">Spot
 *     Instance draining by the agent</a>
 * @see <a href="https://github.com/aws/amazon-ecs-agent/blob/master/agent/app/agent_capability.go">The attributes that
 *     the agent registers</a>
 */
record HostDecision(SkipReason refused) {

    /** The attribute of an agent that runs outside AWS. */
    private static final String EXTERNAL = "ecs.capability.external";

    private static final HostDecision DRAIN = new HostDecision(null);

    /**
     * The truth table. It evaluates only what the decision depends on.
     *
     * @param host null when the EC2 instance is in no cluster
     * @param comesBack whether the instance will resume later, as after hibernation
     * @param autoScaling whether Auto Scaling terminates it, which is the only case that managed draining handles
     * @param provider supplies the host's capacity provider; null if it has none, or if it does not matter
     */
    static HostDecision of(Host host, boolean comesBack, boolean autoScaling, Supplier<CapacityProvider> provider) {
        if (host == null) {
            return new HostDecision(SkipReason.NO_CONTAINER_INSTANCE);
        }
        if ("DRAINING".equals(host.status())) {
            return new HostDecision(SkipReason.DRAINING);
        }
        if (!host.active()) {
            return new HostDecision(SkipReason.NOT_ACTIVE);
        }
        if (external(host)) {
            return new HostDecision(SkipReason.EXTERNAL_INSTANCE);
        }
        if (comesBack) {
            return new HostDecision(SkipReason.HIBERNATES);
        }
        CapacityProvider its = provider.get();
        if (its != null && its.managedInstancesProvider() != null) {
            return new HostDecision(SkipReason.MANAGED_INSTANCE);
        }
        if (autoScaling
                && its != null
                && its.autoScalingGroupProvider() != null
                && its.autoScalingGroupProvider().managedDraining() == ManagedDraining.ENABLED) {
            return new HostDecision(SkipReason.MANAGED_DRAINING);
        }
        return DRAIN;
    }

    private static boolean external(Host host) {
        return String.valueOf(host.instance().ec2InstanceId()).startsWith("mi-")
                || host.instance().attributes().stream().map(Attribute::name).anyMatch(EXTERNAL::equals);
    }

    /** A sentence for the alert about this notice: what is done, or why nothing is done. */
    String sentence(HostNotice notice) {
        if (refused == null) {
            return "It was set to DRAINING, so that ECS starts its service tasks elsewhere."
                    + ("stop".equals(notice.action())
                            ? " When EC2 starts it again it is still DRAINING: set it to ACTIVE then."
                            : "");
        }
        return switch (refused) {
            case DRAINING -> "It is DRAINING already, so ECS starts its service tasks elsewhere.";
            case NOT_ACTIVE -> "Its container instance is not ACTIVE, so nothing was done.";
            case EXTERNAL_INSTANCE -> "It is outside AWS, so nothing was done.";
            case HIBERNATES -> "It comes back with its tasks, so it was not drained.";
            case MANAGED_INSTANCE -> "ECS replaces its Managed Instances itself, so nothing was done.";
            case MANAGED_DRAINING ->
                "ECS drains it itself, because its capacity provider has managed draining. Nothing was done.";
            default -> "Nothing was done.";
        };
    }
}
