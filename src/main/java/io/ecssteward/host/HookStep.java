package io.ecssteward.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.LifecycleAction;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * One look at a lifecycle action: drains the instance if it is ACTIVE, and completes the action when no task is left or
 * its time is nearly over. Each look begins anew from what ECS and Auto Scaling say.
 */
final class HookStep {

    /** Completing this one, ECS's own, would take the tasks away from it that it waits for. */
    private static final String OF_ECS = "ecs-managed-draining-";

    private final HostComponent component;
    private final HostEndpoint endpoint;
    private final Exchange exchange;
    private final LifecycleAction action;
    private final HostDrain drain;
    private final LifecycleHooks hooks;

    HookStep(HostEndpoint endpoint, Exchange exchange, LifecycleAction action) {
        this.component = endpoint.getComponent();
        this.endpoint = endpoint;
        this.exchange = exchange;
        this.action = action;
        this.drain = new HostDrain(component.ecs(), exchange, action);
        this.hooks = component.hooks();
    }

    /** Looks, and does what is due. Returns the outcome. */
    String take() {
        boolean ours = !action.hook().startsWith(OF_ECS)
                && Arrays.stream(endpoint.getHooks().split(","))
                        .map(String::strip)
                        .anyMatch(pattern -> HostSearch.matches(pattern, action.hook()));
        if (!ours) {
            return drain.skipped(SkipReason.OTHER_HOOK, action.instanceId());
        }
        if (drain.otherRegion()) {
            return drain.skipped(SkipReason.OTHER_REGION, action.instanceId());
        }
        EcsClient ecs = component.ecs();
        Host host = component.search().find(ecs, endpoint.getClusters(), action.instanceId());
        HostDecision decision = drain.drain(host, false);
        if (decision.refused() == SkipReason.NO_CONTAINER_INSTANCE || decision.refused() == SkipReason.NOT_ACTIVE) {
            drain.skipped(decision.refused(), action.instanceId());
            return complete(HostEndpoint.COMPLETED);
        }
        drain.tell(host);
        HostTasks left = HostTasks.on(ecs, host).withoutDaemons(ecs, host);
        if (left.count() == 0) {
            return complete(HostEndpoint.COMPLETED);
        }
        LifecycleHooks.Times times = hooks == null
                ? LifecycleHooks.Times.DEFAULT
                : hooks.times(action).orElse(null);
        return times == null ? drain.skipped(SkipReason.ACTION_OVER, action.instanceId()) : wait(times, left);
    }

    private String wait(LifecycleHooks.Times times, HostTasks left) {
        Clock clock = component.clock();
        Instant now = clock.instant();
        Instant began = action.time() == null ? now : action.time();
        HookDecision next = HookDecision.of(began, now, times, left.count());
        Message message = exchange.getMessage();
        if (next.step() == HookDecision.Step.CUT_OFF) {
            message.setHeader(
                    HostEndpoint.DETAIL,
                    "The time of its lifecycle hook is nearly over, and " + left.words()
                            + " still run on it. They are stopped when EC2 terminates it.");
            return complete(HostEndpoint.CUT_OFF);
        }
        if (next.heartbeat()) {
            if (hooks != null && !hooks.heartbeat(action)) {
                return drain.skipped(SkipReason.ACTION_OVER, action.instanceId());
            }
            performed("RecordLifecycleActionHeartbeat");
        }
        // A dry run drains nothing, so there is nothing to wait for.
        if (hooks == null || !hooks.dryRun()) {
            message.setHeader(HostEndpoint.NEXT, next.next());
        }
        return HostEndpoint.WAITING;
    }

    private String complete(String outcome) {
        if (hooks != null && !hooks.complete(action)) {
            return drain.skipped(SkipReason.ACTION_OVER, action.instanceId());
        }
        performed("CompleteLifecycleAction");
        return outcome;
    }

    private void performed(String operation) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        parameters.put("AutoScalingGroupName", action.group()).put("LifecycleHookName", action.hook());
        parameters.put("InstanceId", action.instanceId());
        EventOutcome.of(exchange)
                .performed(new Action(
                        "autoscaling", operation, action.group() + "/" + action.instanceId(), parameters, null));
    }
}
