package io.ecssteward.ecs;

import io.ecssteward.alerting.OpenAlerts;
import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.FollowUp;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/**
 * Decides what to do about the ECS agent of a container instance. An agent reconnects by itself several times an hour,
 * so a disconnected one is checked again after a grace period, and only then is there an alert. The alert is resolved
 * when the agent is back, or when its instance leaves.
 *
 * <p>The route does what was decided and asks again: after an alert was posted, because the agent may have come back
 * meanwhile; after an alert was resolved, because the agent may have been lost again. The decision before is therefore
 * the trigger of the next one. {@link #decide} is the truth table.
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
        ALERTED,
        /** The alert was resolved just now. */
        RESOLVED;

        static Trigger of(ContainerInstanceStateChange event, boolean followUp, String lastDecision) {
            if (Decision.ALERT.word().equals(lastDecision)) {
                return ALERTED;
            }
            if (Decision.RESOLVE.word().equals(lastDecision)
                    || Decision.RESOLVE_LEAVING.word().equals(lastDecision)) {
                return RESOLVED;
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
        /** The alert was resolved, and that is still right. */
        CLOSE,
        NOTHING,
        STALE,
        RECONNECTED,
        DRAINING,
        OTHER_REGION;

        /** The word in the header: {@code resolve-leaving}. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private boolean isSkipReason() {
            return compareTo(NOTHING) > 0;
        }
    }

    private final OpenAlerts openAlerts;
    private final LatestVersions versions;

    /** Remembers open alerts in the first, and tells by the second whether an event is stale. */
    AgentConnection(OpenAlerts openAlerts, LatestVersions versions) {
        this.openAlerts = openAlerts;
        this.versions = versions;
    }

    /**
     * The truth table. It asks only what the decision depends on, in the order in which the answers have to be as
     * recent.
     *
     * @param stale whether a later state of the instance was already seen
     * @param open whether an alert about the agent is open
     * @param ecs what ECS says now
     */
    static Decision decide(Trigger trigger, BooleanSupplier stale, BooleanSupplier open, Supplier<State> ecs) {
        return switch (trigger) {
            case UNKNOWN -> Decision.NOTHING;
            case DISCONNECTED -> stale.getAsBoolean() ? Decision.STALE : Decision.WAIT;
            case CONNECTED -> {
                if (stale.getAsBoolean()) {
                    yield Decision.STALE;
                }
                yield open.getAsBoolean() ? unlessDisconnected(ecs, Decision.RESOLVE) : Decision.NOTHING;
            }
            case LEAVING -> open.getAsBoolean() ? unlessDisconnected(ecs, Decision.RESOLVE_LEAVING) : Decision.DRAINING;
            case FOLLOW_UP, ALERTED ->
                switch (ecs.get()) {
                    case DISCONNECTED -> trigger == Trigger.ALERTED ? Decision.NOTHING : Decision.ALERT;
                    // Its event was lost, or came before the alert was open.
                    case RECONNECTED -> open.getAsBoolean() ? Decision.RESOLVE : Decision.RECONNECTED;
                    case DRAINING -> open.getAsBoolean() ? Decision.RESOLVE_LEAVING : Decision.DRAINING;
                    case OTHER_REGION -> Decision.OTHER_REGION;
                };
            case RESOLVED -> unlessDisconnected(ecs, Decision.CLOSE);
        };
    }

    /** An event may be late: what it says is only the end of an alert if ECS does not contradict it now. */
    private static Decision unlessDisconnected(Supplier<State> ecs, Decision otherwise) {
        return ecs.get() == State.DISCONNECTED ? Decision.WAIT : otherwise;
    }

    /**
     * Decides, and keeps the record of open alerts.
     *
     * @param ecs what ECS says now about the agent of this instance
     * @return the decision's word
     */
    String next(Exchange exchange, ContainerInstanceStateChange event, Supplier<State> ecs) {
        String instance = event.arn();
        boolean followUp = exchange.getMessage().getBody() instanceof FollowUp;
        Trigger trigger =
                Trigger.of(event, followUp, exchange.getMessage().getHeader(EcsServiceEndpoint.OUTCOME, String.class));
        if (trigger == Trigger.ALERTED) {
            // Once more: an earlier event may have resolved the alert while it was being posted.
            openAlerts.add(instance);
        }
        Decision decision = decide(trigger, () -> versions.stale(event), () -> openAlerts.has(instance), ecs);
        if (decision == Decision.ALERT) {
            // Before it is posted: Slack may take long, and the agent come back meanwhile.
            openAlerts.add(instance);
        } else if (decision == Decision.CLOSE) {
            openAlerts.remove(instance);
        } else if (decision.isSkipReason()) {
            EventOutcome.of(exchange).skipped(SkipReason.of(decision.word()), "agent/" + instance);
        }
        return decision.word();
    }
}
