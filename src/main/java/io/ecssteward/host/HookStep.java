package io.ecssteward.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.ecs.NamePattern;
import io.ecssteward.event.LifecycleAction;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * One check of a lifecycle action: records a heartbeat, drains the instance if it is ACTIVE, and completes the action
 * when no task is left or its time is nearly over. Each check uses only the current state in ECS and Auto Scaling.
 */
final class HookStep {

    /** The hook of ECS managed draining: completing it would terminate the instance while ECS waits for its tasks. */
    private static final String OF_ECS = "ecs-managed-draining-";

    /** Our choice: by then, the tasks of services have moved, and other tasks may never end. */
    private static final Duration WARN_AFTER = Duration.ofHours(1);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

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

    /** Makes one check. Returns the outcome. */
    String take() {
        boolean ours = !action.hook().startsWith(OF_ECS)
                && Arrays.stream(endpoint.hooks.split(","))
                        .map(String::strip)
                        .anyMatch(pattern -> NamePattern.matches(pattern, action.hook()));
        if (!ours) {
            return drain.skipped(SkipReason.OTHER_HOOK, action.instanceId());
        }
        if (drain.otherRegion()) {
            return drain.skipped(SkipReason.OTHER_REGION, action.instanceId());
        }
        // First, so that the hook survives failures of ECS, and nothing is drained for an action that is over.
        if (hooks != null && !alive()) {
            return over();
        }
        performed("RecordLifecycleActionHeartbeat");
        List<Host> hosts = hosts();
        if (hosts.isEmpty() && !endpoint.clusters.isBlank()) {
            return drain.skipped(SkipReason.OTHER_CLUSTER, action.instanceId());
        }
        HostDecision decision = drain.drain(hosts, false, true);
        if (decision.refused() == SkipReason.NO_CONTAINER_INSTANCE || decision.refused() == SkipReason.NOT_ACTIVE) {
            drain.skipped(decision.refused(), action.instanceId());
        }
        drain.tell(hosts);
        HostTasks left = left(hosts);
        if (left.count() == 0) {
            return complete(HostEndpoint.COMPLETED);
        }
        LifecycleHooks.Times times = hooks == null
                ? LifecycleHooks.Times.DEFAULT
                : hooks.times(action).orElse(null);
        return times == null ? over() : wait(times, left);
    }

    /**
     * Records a heartbeat; false if the action is over. After 48 hours it is over even if Auto Scaling does not answer.
     */
    private boolean alive() {
        try {
            return hooks.heartbeat(action);
        } catch (TransientFailureException e) {
            if (action.time() != null
                    && component.clock().instant().isAfter(action.time().plus(LifecycleHooks.LONGEST))) {
                return false;
            }
            throw e;
        }
    }

    private List<Host> hosts() {
        return component.search().find(component.ecs(), endpoint.clusters, action.instanceId(), true);
    }

    /** The tasks to wait for, on all registrations that may still run tasks. */
    private HostTasks left(List<Host> hosts) {
        HostTasks left = HostTasks.NONE;
        for (Host host : hosts) {
            if (host.active() || host.draining()) {
                left = left.and(HostTasks.on(component.ecs(), host).withoutDaemons(component.ecs(), host));
            }
        }
        return left;
    }

    private String wait(LifecycleHooks.Times times, HostTasks left) {
        Clock clock = component.clock();
        Instant now = clock.instant();
        Instant began = action.time() == null ? now : action.time();
        HookDecision next = HookDecision.of(began, now, times, left.count());
        Message message = exchange.getMessage();
        Duration waited = Duration.between(began, now);
        // The previous check was within this interval, so this is posted only once.
        if (next.step() == HookDecision.Step.WAIT
                && waited.compareTo(WARN_AFTER) >= 0
                && waited.compareTo(WARN_AFTER.plusSeconds(next.next())) < 0) {
            message.setHeader(
                    HostEndpoint.DETAIL,
                    "Its lifecycle hook has waited for an hour, because " + left.stillRun() + ", and waits until "
                            + TIME.format(began.plus(times.atMost())) + " at most.");
        }
        if (next.step() == HookDecision.Step.CUT_OFF) {
            message.setHeader(
                    HostEndpoint.DETAIL,
                    "Its lifecycle hook is about to time out, and " + left.stillRun()
                            + ". They are stopped when EC2 terminates it.");
            return complete(HostEndpoint.CUT_OFF);
        }
        // A dry run drains no instance, so there is nothing to wait for.
        if (hooks == null || !hooks.dryRun()) {
            message.setHeader(HostEndpoint.NEXT, next.next());
        }
        return HostEndpoint.WAITING;
    }

    private String complete(String outcome) {
        if (hooks != null && !hooks.complete(action)) {
            return over();
        }
        performed("CompleteLifecycleAction");
        return outcome;
    }

    /**
     * The action was completed by another process or a person, or it timed out. If tasks are left, the detail lists
     * them.
     */
    private String over() {
        List<Host> ours = hosts().stream().filter(Host::draining).toList();
        HostTasks left = left(ours);
        if (left.count() > 0) {
            drain.tell(ours);
            exchange.getMessage()
                    .setHeader(
                            HostEndpoint.DETAIL,
                            "Its lifecycle action is over, and " + left.stillRun()
                                    + ". They are stopped when EC2 terminates it.");
        }
        return drain.skipped(SkipReason.ACTION_OVER, action.instanceId());
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
