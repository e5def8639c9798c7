package io.ecssteward.ecs;

import io.ecssteward.ecs.ChangeDecision.Question;
import io.ecssteward.ecs.DeploymentHistory.Completed;
import io.ecssteward.event.Arn;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.Service;

/** Texts for people about deployments, including those that ask for a confirmation. */
final class ChangeTexts {
    private ChangeTexts() {}

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("'on' yyyy-MM-dd 'at' HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /** What a roll-back would do, and what changes. */
    static String rollingBack(String name, Service found, ChangeDecision decision, TaskDefinitionDiff diff) {
        Instant completed = decision.to().at();
        return present(name, found) + " Rolling back starts a deployment of "
                + label(decision.to().taskDefinition())
                + (completed == null ? "" : ", which completed " + time(completed)) + "; "
                + replaced(found) + " What changes: " + diff.inShort() + shifting(found);
    }

    /** What a redeployment would do. */
    static String redeploying(String name, Service found, String to) {
        return present(name, found) + " Redeploying starts a deployment of the same " + to + "; " + replaced(found)
                + shifting(found);
    }

    /** How many tasks run which task definition, and since when. */
    static String present(String name, Service found) {
        Deployment primary =
                found.deployments().isEmpty() ? null : found.deployments().get(0);
        return name + ": "
                + running(primary == null ? found.runningCount() : primary.runningCount(), found) + " "
                + label(primary == null ? found.taskDefinition() : primary.taskDefinition())
                + (primary == null || primary.createdAt() == null
                        ? ""
                        : ", whose deployment began " + time(primary.createdAt())
                                + (primary.rolloutState() == null
                                        ? ""
                                        : switch (primary.rolloutState()) {
                                            case FAILED -> " and failed";
                                            case IN_PROGRESS -> " and is in progress";
                                            default -> "";
                                        }))
                + ".";
    }

    /** {@code 4 tasks are replaced.} */
    static String replaced(Service found) {
        return wanted(found) == 1 ? "1 task is replaced." : wanted(found) + " tasks are replaced.";
    }

    private static int wanted(Service found) {
        return found.desiredCount() == null ? 0 : found.desiredCount();
    }

    /** What its deployments do besides replacing tasks, with a leading space; empty if nothing. */
    static String shifting(Service found) {
        return rolling(found)
                ? ""
                : " Its deployments shift traffic ("
                        + found.deploymentConfiguration().strategyAsString() + "), with hooks and bake times.";
    }

    /** Why Steward cannot deploy it. */
    static String refusal(Question q) {
        return switch (q.untouchable().orElseThrow()) {
            case SERVICE_NOT_FOUND -> "The service " + q.name() + " was not found in ECS; it may have been deleted.";
            case SERVICE_INACTIVE -> "The service " + q.name() + " is being deleted, or has been.";
            case SCALED_TO_ZERO ->
                "The desired count of " + q.name() + " is 0: somebody stopped it, and it is left alone.";
            case EXTERNAL_CONTROLLER ->
                q.service().deploymentController().type() == DeploymentControllerType.CODE_DEPLOY
                        ? "CodeDeploy deploys " + q.name()
                                + ", so only CodeDeploy can start a deployment or roll it back."
                        : "An external controller deploys " + q.name() + ", so only that can change what runs.";
            case OTHER_REGION -> q.name() + " is in another region than Steward.";
            case OTHER_ACCOUNT -> q.name() + " is in another account than Steward.";
            default -> throw new IllegalStateException("no words for " + q.untouchable());
        };
    }

    /** The deployment in progress, its start and its progress. */
    static String inProgress(Question q) {
        Deployment primary = q.primary();
        return primary == null
                ? "A deployment of " + q.name() + " is in progress."
                : "A deployment of " + label(primary.taskDefinition()) + " to " + q.name() + " is in progress, begun "
                        + time(primary.createdAt()) + ": " + running(primary.runningCount(), q.service()) + ".";
    }

    /** {@code 3 of 4 tasks are running}. */
    static String running(Integer running, Service service) {
        return (running == null ? 0 : running) + " of " + wanted(service)
                + (wanted(service) == 1 ? " task is" : " tasks are") + " running";
    }

    /** When it completed. */
    static String completed(Completed deployment) {
        return deployment.at() == null ? " completed" : " completed " + time(deployment.at());
    }

    /** The strategy by which its deployments replace tasks. */
    static DeploymentStrategy strategy(Service service) {
        return service.deploymentConfiguration() == null
                        || service.deploymentConfiguration().strategy() == null
                ? DeploymentStrategy.ROLLING
                : service.deploymentConfiguration().strategy();
    }

    /** Whether ECS does rolling updates, without shifting traffic between two sets of tasks. */
    static boolean rolling(Service service) {
        return strategy(service) == DeploymentStrategy.ROLLING;
    }

    /** The short name of a task definition, from its ARN: {@code web:43}. */
    static String label(String taskDefinition) {
        return taskDefinition == null ? "an unknown task definition" : Arn.nameOf(taskDefinition);
    }

    /** {@code on 2026-11-17 at 10:02 UTC}. */
    static String time(Instant time) {
        return time == null ? "at a time that ECS does not say" : MINUTE.format(time);
    }
}
