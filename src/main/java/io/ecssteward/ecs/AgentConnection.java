package io.ecssteward.ecs;

import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.FollowUp;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/**
 * Decides what to do about the ECS agent of a container instance. An agent reconnects by itself several times an hour,
 * so a disconnected one is checked again after a grace period, and only then is there an alert. The alert is resolved
 * when the agent is back, or when its instance leaves; where there was none, its incident knows that, and nobody hears
 * of it.
 *
 * <p>The route does what was decided, and asks again after an alert was posted, because the agent may have come back
 * meanwhile. {@link #decide} is the truth table.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_container_instance_events.html">Container
 *     instance state change events</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html">ContainerInstance:
 *     agentConnected, status</a>
 */
final class AgentConnection {

    /** Why there is something to decide. */
    enum Trigger {
        /** An event: the agent of an ACTIVE instance disconnected. */
        DISCONNECTED,
        /** An event: the agent is connected, which nearly every event says. */
        CONNECTED,
        /** An event: the agent of an instance that drains or is gone disconnected. */
        LEAVING,
        /** An event that does not say whether the agent is connected. */
        UNKNOWN,
        /** The grace period is over. */
        FOLLOW_UP,
        /** The alert was posted just now. */
        ALERTED;

        static Trigger of(ContainerInstanceStateChange event, boolean followUp, String lastDecision) {
            if (Decision.ALERT.word().equals(lastDecision)) {
                return ALERTED;
            }
            if (followUp) {
                return FOLLOW_UP;
            }
            if (event.agentConnected() == null) {
                return UNKNOWN;
            }
            if (event.agentConnected()) {
                return CONNECTED;
            }
            return EcsServices.ACTIVE.equals(event.status()) ? DISCONNECTED : LEAVING;
        }
    }

    /** What ECS says about the agent. */
    enum State {
        DISCONNECTED,
        RECONNECTED,
        /** The instance drains or is gone. */
        DRAINING,
        /** ECS was not asked, because the client works in another region. */
        OTHER_REGION
    }

    /** What to do; the last ones are nothing, and why. */
    enum Decision {
        /** Check again after the grace period. */
        WAIT,
        ALERT,
        /** Resolve the alert: the agent is connected again. */
        RESOLVE,
        /** Resolve the alert: the instance leaves. */
        RESOLVE_LEAVING,
        NOTHING,
        STALE,
        NO_INCIDENT,
        OTHER_REGION;

        /** The word in the header: {@code resolve-leaving}. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private boolean isSkipReason() {
            return compareTo(NOTHING) > 0;
        }
    }

    private final LatestVersions versions;
    private final Predicate<String> open;
    private final Predicate<String> drained;

    /**
     * One that decides.
     *
     * @param versions tell whether an event is stale
     * @param open whether an incident about this is open
     * @param drained whether the container instance with this ARN was drained because of its agent
     */
    AgentConnection(LatestVersions versions, Predicate<String> open, Predicate<String> drained) {
        this.versions = versions;
        this.open = open;
        this.drained = drained;
    }

    /**
     * The truth table. It asks only what the decision depends on: an event that says that the agent is connected comes
     * with each task, and ECS is asked only where that may end something.
     *
     * @param stale whether a later state of the instance was already seen
     * @param open whether the incident is open
     * @param ecs what ECS says now
     */
    static Decision decide(Trigger trigger, BooleanSupplier stale, BooleanSupplier open, Supplier<State> ecs) {
        return switch (trigger) {
            case UNKNOWN -> Decision.NOTHING;
            case DISCONNECTED -> stale.getAsBoolean() ? Decision.STALE : Decision.WAIT;
            case CONNECTED -> stale.getAsBoolean() ? Decision.STALE : ended(open, ecs, Decision.RESOLVE);
            case LEAVING -> ended(open, ecs, Decision.RESOLVE_LEAVING);
            case FOLLOW_UP, ALERTED ->
                switch (ecs.get()) {
                    case DISCONNECTED -> trigger == Trigger.ALERTED ? Decision.NOTHING : Decision.ALERT;
                    // Its event was lost, or came before the alert.
                    case RECONNECTED -> Decision.RESOLVE;
                    case DRAINING -> Decision.RESOLVE_LEAVING;
                    case OTHER_REGION -> Decision.OTHER_REGION;
                };
        };
    }

    /** An event may be late: what it says is an end only if ECS does not contradict it now. */
    private static Decision ended(BooleanSupplier open, Supplier<State> ecs, Decision otherwise) {
        if (!open.getAsBoolean()) {
            return Decision.NO_INCIDENT;
        }
        return ecs.get() == State.DISCONNECTED ? Decision.WAIT : otherwise;
    }

    /**
     * Decides.
     *
     * @param ecs what ECS says now about the agent of this instance
     * @return the decision's word
     */
    String next(Exchange exchange, ContainerInstanceStateChange event, Supplier<State> ecs) {
        boolean followUp = exchange.getMessage().getBody() instanceof FollowUp;
        Trigger trigger =
                Trigger.of(event, followUp, exchange.getMessage().getHeader(EcsServiceEndpoint.OUTCOME, String.class));
        Decision decision = decide(trigger, () -> versions.stale(event), () -> open.test(event.incident()), ecs);
        // That we drained it is no end: the agent is still away, and so may be some of its tasks.
        if (decision == Decision.RESOLVE_LEAVING && !"INACTIVE".equals(event.status()) && drained.test(event.arn())) {
            decision = Decision.NOTHING;
        }
        if (decision.isSkipReason()) {
            EventOutcome.of(exchange).skipped(SkipReason.of(decision.word()), "agent/" + event.arn());
        }
        return decision.word();
    }
}
