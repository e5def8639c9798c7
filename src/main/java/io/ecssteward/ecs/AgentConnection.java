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
 * so a disconnected agent is checked again after a grace period, and only then is there an alert. The alert is resolved
 * when the agent reconnects, or when its instance is drained or removed. Without an open incident, nothing is posted.
 *
 * <p>The route carries out the decision, and decides again after it has posted an alert, because the agent may have
 * reconnected meanwhile. {@link #decide} is the truth table.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_container_instance_events.html">Container
 *     instance state change events</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html">ContainerInstance:
 *     agentConnected, status</a>
 */
final class AgentConnection {

    /** The reason for a decision. */
    enum Trigger {
        /** An event: the agent of an ACTIVE instance disconnected. */
        DISCONNECTED,
        /** An event: the agent is connected, as in nearly every event. */
        CONNECTED,
        /** An event: the agent of a draining or removed instance disconnected. */
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

    /** The state of the agent in ECS. */
    enum State {
        DISCONNECTED,
        RECONNECTED,
        /** The instance is draining or was removed. */
        DRAINING,
        /** ECS was not called, because the client is for another Region. */
        OTHER_REGION
    }

    /** What to do; the last values are reasons for doing nothing. */
    enum Decision {
        /** Check again after the grace period. */
        WAIT,
        ALERT,
        /** Resolve the alert: the agent is connected again. */
        RESOLVE,
        /** Resolve the alert: the instance is drained or removed. */
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
     * @param versions tells whether an event is stale
     * @param open whether an incident about this is open
     * @param drained whether the container instance with this ARN was drained because of its agent
     */
    AgentConnection(LatestVersions versions, Predicate<String> open, Predicate<String> drained) {
        this.versions = versions;
        this.open = open;
        this.drained = drained;
    }

    /**
     * The truth table. It evaluates only what the decision depends on: an event with a connected agent arrives with
     * each task, and ECS is called only if an open incident may be resolved.
     *
     * @param stale whether a later state of the instance was already seen
     * @param open whether the incident is open
     * @param ecs supplies the current state of the agent in ECS
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
                    // The event about it was lost, or arrived before the alert.
                    case RECONNECTED -> Decision.RESOLVE;
                    case DRAINING -> Decision.RESOLVE_LEAVING;
                    case OTHER_REGION -> Decision.OTHER_REGION;
                };
        };
    }

    /** An event may be late: it resolves the incident only if the current state in ECS agrees. */
    private static Decision ended(BooleanSupplier open, Supplier<State> ecs, Decision otherwise) {
        if (!open.getAsBoolean()) {
            return Decision.NO_INCIDENT;
        }
        return ecs.get() == State.DISCONNECTED ? Decision.WAIT : otherwise;
    }

    /**
     * Decides.
     *
     * @param ecs supplies the current state of this instance's agent in ECS
     * @return the decision's word
     */
    String next(Exchange exchange, ContainerInstanceStateChange event, Supplier<State> ecs) {
        boolean followUp = exchange.getMessage().getBody() instanceof FollowUp;
        Trigger trigger =
                Trigger.of(event, followUp, exchange.getMessage().getHeader(EcsServiceEndpoint.OUTCOME, String.class));
        Decision decision = decide(trigger, () -> versions.stale(event), () -> open.test(event.incident()), ecs);
        // If Steward drained the instance, the alert stays: its agent, and perhaps some of its tasks, are still away.
        if (decision == Decision.RESOLVE_LEAVING && !"INACTIVE".equals(event.status()) && drained.test(event.arn())) {
            decision = Decision.NOTHING;
        }
        if (decision.isSkipReason()) {
            EventOutcome.of(exchange).skipped(SkipReason.of(decision.word()), "agent/" + event.arn());
        }
        return decision.word();
    }
}
