package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.ecs.ChangeDecision.Question;
import io.ecssteward.event.Arn;
import io.ecssteward.event.Event;
import io.ecssteward.event.SlackAction;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * Plans or makes the change of one service that a person requested, and describes the result in sentences.
 *
 * <p>A roll-back changes only the task definition: UpdateService keeps all settings that the request omits. It does not
 * force a new deployment, so two identical requests start one deployment. A service whose deployments shift traffic
 * (BLUE_GREEN, LINEAR, CANARY) is rolled back by such a deployment, with its hooks and bake times, and only when none
 * is in progress: if the deployment in progress is stopped, ECS rolls it back by itself, and sooner.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html">UpdateService</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html">Stopping
 *     Amazon ECS service deployments</a>
 */
final class ServiceChange {

    private final EcsClient client;
    private final EcsServices ecs;
    private final Exchange exchange;
    private final Event event;
    private final String cluster;
    private final String service;
    private final String name;

    /** @param service the service; null when the event names none */
    ServiceChange(EcsClient client, EcsServices ecs, Exchange exchange, Event event, String cluster, String service) {
        this.client = client;
        this.ecs = ecs;
        this.exchange = exchange;
        this.event = event;
        this.cluster = cluster;
        this.service = service;
        this.name = (cluster == null ? "" : Arn.nameOf(cluster)) + "/" + service;
    }

    /** Whether a person requested it, so that the rules for automatic changes do not apply. */
    static boolean byHand(Event event) {
        return event instanceof SlackAction;
    }

    /** Describes what the change would do, or why it would be refused. Returns the outcome. */
    String plan(Operation change) {
        Message message = exchange.getMessage();
        message.removeHeader(EcsServiceEndpoint.PLAN);
        message.removeHeader(EcsServiceEndpoint.CONFIRM);
        if (service == null) {
            return noService(change);
        }
        Service found = describe();
        ChangeDecision decision = decide(change, found, null, "");
        if (decision.refused() != null) {
            return refused(change, decision);
        }
        TaskDefinition target = taskDefinition(decision.to().taskDefinition());
        if (change == Operation.ROLL_BACK && !active(target)) {
            return inactive(decision);
        }
        String from = ChangeTexts.label(decision.from());
        String to = ChangeTexts.label(decision.to().taskDefinition());
        message.setHeader(EcsServiceEndpoint.CONFIRM, from + ">" + to);
        message.setHeader(
                EcsServiceEndpoint.PLAN,
                change == Operation.ROLL_BACK
                        ? ChangeTexts.rollingBack(
                                name, found, decision, TaskDefinitionDiff.of(taskDefinition(decision.from()), target))
                        : ChangeTexts.redeploying(name, found, to));
        return EcsServiceEndpoint.PLANNED;
    }

    /**
     * Makes the change, unless it is refused or was already made after the request. Returns the outcome.
     *
     * @param expect the confirmed change; empty without confirmation
     * @param claims the claims on redeployments, which prevent concurrent changes of a service; null for none
     * @param coolDown how long no automatic redeployment of the service starts after this; null for the claims' default
     */
    String make(Operation change, String expect, ClaimRepository claims, Duration coolDown) {
        if (service == null) {
            return noService(change);
        }
        Service found = describe();
        if (claims == null || found == null || found.clusterArn() == null) {
            return makeAlone(change, found, expect);
        }
        String id = found.clusterArn() + "/" + service;
        return alone(claims, id, coolDown, change, () -> makeAlone(change, describe(), expect));
    }

    /** Runs the work while holding the lock on changes of the service. Other changes fail meanwhile and are retried. */
    private String alone(
            ClaimRepository claims, String id, Duration coolDown, Operation change, Supplier<String> work) {
        String lock = "change/" + id;
        String redeployment = "redeploy/" + id;
        claim(claims, exchange, lock, Duration.ZERO);
        try {
            // A recorded redeployment is finished, and a person does not have to wait for the cool-down.
            boolean cooling = claims.contains(redeployment);
            if (cooling && !byHand(event)) {
                return withDetail(ecs.skipped(SkipReason.COOLDOWN, what(change)), name + " was changed a moment ago.");
            }
            boolean claimed = !cooling
                    && !claims.holds(exchange, redeployment)
                    && claim(claims, exchange, redeployment, coolDown);
            String outcome = "";
            try {
                outcome = work.get();
                return outcome;
            } finally {
                if (claimed && outcome.equals(EcsServiceEndpoint.UPDATED)) {
                    claims.confirm(exchange, redeployment);
                } else if (claimed) {
                    claims.remove(exchange, redeployment);
                }
            }
        } finally {
            claims.remove(exchange, lock);
        }
    }

    /**
     * Tries to claim.
     *
     * @param coolDown how long the key stays recorded afterwards; null for the claims' default
     */
    static boolean claim(ClaimRepository claims, Exchange exchange, String key, Duration coolDown) {
        if (coolDown == null) {
            return claims.add(exchange, key);
        }
        Object before = exchange.getVariable(ClaimRepository.COOL_DOWN);
        exchange.setVariable(ClaimRepository.COOL_DOWN, coolDown);
        try {
            return claims.add(exchange, key);
        } finally {
            if (before == null) {
                exchange.removeVariable(ClaimRepository.COOL_DOWN);
            } else {
                exchange.setVariable(ClaimRepository.COOL_DOWN, before);
            }
        }
    }

    private String makeAlone(Operation change, Service found, String expect) {
        ChangeDecision decision = decide(change, found, event == null ? null : event.time(), expect);
        if (decision.refused() != null) {
            return refused(change, decision);
        }
        if (decision.done()) {
            ecs.skipped(SkipReason.ALREADY_DEPLOYED, what(change));
            return withDetail(EcsServiceEndpoint.UPDATED, decision.sentence());
        }
        String to = ChangeTexts.label(decision.to().taskDefinition());
        UpdateServiceRequest.Builder request = UpdateServiceRequest.builder();
        if (change == Operation.ROLL_BACK) {
            if (!active(taskDefinition(decision.to().taskDefinition()))) {
                return inactive(decision);
            }
            request.taskDefinition(decision.to().taskDefinition());
        } else {
            request.forceNewDeployment(true);
        }
        String doing = change == Operation.ROLL_BACK ? "rolling back" : "redeploying";
        String outcome = ecs.update(doing, cluster, service, request, what(change));
        return withDetail(
                outcome,
                !outcome.equals(EcsServiceEndpoint.UPDATED)
                        ? "The service " + name + " was not found in ECS; it may have been deleted."
                        : change == Operation.ROLL_BACK
                                ? "ECS started a deployment that takes " + name + " back from "
                                        + ChangeTexts.label(decision.from()) + " to " + to + "; "
                                        + ChangeTexts.replaced(found)
                                : "ECS started a deployment of " + to + " to " + name + "; "
                                        + ChangeTexts.replaced(found));
    }

    private ChangeDecision decide(Operation change, Service found, Instant since, String expect) {
        Optional<SkipReason> untouchable =
                ecs.otherRegion() ? Optional.of(SkipReason.OTHER_REGION) : ecs.untouchable(found);
        if (change != Operation.ROLL_BACK || untouchable.isPresent()) {
            return ChangeDecision.redeploy(Question.of(name, found, untouchable, since, expect));
        }
        try {
            return ChangeDecision.rollBack(
                    Question.of(name, found, untouchable, since, expect),
                    DeploymentHistory.of(client, cluster, service));
        } catch (ServiceNotFoundException e) {
            return ChangeDecision.redeploy(
                    Question.of(name, null, Optional.of(SkipReason.SERVICE_NOT_FOUND), since, expect));
        }
    }

    private Service describe() {
        return ecs.otherRegion()
                ? null
                : EcsServices.describe(client, cluster, List.of(service)).get(Arn.nameOf(service));
    }

    private TaskDefinition taskDefinition(String arn) {
        return TaskDefinitionDiff.describe(client, arn);
    }

    /**
     * Whether a service can be updated to this task definition.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html">Deregistering
     *     a task definition revision: no service can be updated to one that is INACTIVE</a>
     */
    private static boolean active(TaskDefinition taskDefinition) {
        return taskDefinition != null && taskDefinition.status() == TaskDefinitionStatus.ACTIVE;
    }

    private String inactive(ChangeDecision decision) {
        return withDetail(
                ecs.skipped(SkipReason.TASK_DEFINITION_INACTIVE, what(Operation.ROLL_BACK)),
                "The last deployment of " + name + " that completed before was of "
                        + ChangeTexts.label(decision.to().taskDefinition())
                        + ", which has been deregistered. ECS starts no tasks from it: register and deploy it again.");
    }

    private String refused(Operation change, ChangeDecision decision) {
        return withDetail(ecs.skipped(decision.refused(), what(change)), decision.sentence());
    }

    private String noService(Operation change) {
        return withDetail(
                ecs.skipped(SkipReason.NO_SERVICE, change + "/" + (cluster == null ? "" : cluster)),
                "No service is named. Name one as CLUSTER/SERVICE.");
    }

    private String withDetail(String outcome, String sentence) {
        exchange.getMessage().setHeader(EcsServiceEndpoint.DETAIL, sentence);
        return outcome;
    }

    private String what(Operation change) {
        return change + "/" + name;
    }
}
