package io.ecssteward.ecs;

import io.ecssteward.alert.Redactor;
import io.ecssteward.event.Arn;
import io.ecssteward.limits.SlackLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;

/**
 * Describes what a service runs, what was deployed last, and what that changed: the first question during an incident.
 * It shows the names of environment variables and secrets, never their values.
 *
 * <pre>
 * prod/web: 1 of 4 tasks is running web:43, whose deployment began on 2026-11-20 at 09:00 UTC and is in progress.
 * web:43, begun on 2026-11-20 at 09:00 UTC, is in progress
 * web:42, begun on 2026-11-17 at 10:00 UTC, completed on 2026-11-17 at 10:02 UTC
 * From web:42 to web:43:
 * app: image shop:1.7 is now shop:1.8
 * </pre>
 */
public final class LastDeployment {

    private static final int MAX_DEPLOYMENTS = 5;
    private static final String MORE = "…";

    private LastDeployment() {}

    /**
     * Reads the service and its deployments from ECS.
     *
     * @param cluster its name or ARN
     * @param service its name
     * @return lines, the first of which is the state of the service; 2,800 characters at most
     * @throws io.ecssteward.failure.TransientFailureException when ECS throttles, has a server error, or does not
     *     answer
     * @throws io.ecssteward.failure.PermanentFailureException when ECS rejects a call
     */
    public static List<String> lines(EcsClient client, String cluster, String service) {
        String name = Arn.nameOf(cluster) + "/" + service;
        Service found = EcsServices.describe(client, cluster, List.of(service)).get(Arn.nameOf(service));
        if (found == null) {
            return List.of("The service " + name + " was not found in ECS; it may have been deleted.");
        }
        List<String> lines = new ArrayList<>();
        lines.add(ChangeTexts.present(name, found));
        boolean deploysItself = found.deploymentController() == null
                || found.deploymentController().type() == DeploymentControllerType.ECS;
        if (deploysItself) {
            deployments(lines, client, found, DeploymentHistory.of(client, cluster, service));
        } else {
            lines.add("ECS does not say what was deployed before: "
                    + found.deploymentController().typeAsString() + " deploys it.");
        }
        return cut(lines.stream().map(Redactor::text).toList());
    }

    private static void deployments(List<String> lines, EcsClient client, Service found, DeploymentHistory history) {
        List<ServiceDeploymentBrief> all = history.deployments();
        all.stream().limit(MAX_DEPLOYMENTS).forEach(d -> lines.add(line(d, history)));
        String last = all.isEmpty() || history.taskDefinition(all.get(0)) == null
                ? found.taskDefinition()
                : history.taskDefinition(all.get(0));
        Optional<String> before =
                history.completed(td -> !td.equals(last)).map(DeploymentHistory.Completed::taskDefinition);
        if (last == null || before.isEmpty()) {
            lines.add("No deployment of another task definition completed in the last 90 days.");
            return;
        }
        lines.add("From " + ChangeTexts.label(before.get()) + " to " + ChangeTexts.label(last) + ":");
        List<String> changes = TaskDefinitionDiff.of(
                        TaskDefinitionDiff.describe(client, before.get()), TaskDefinitionDiff.describe(client, last))
                .changes();
        lines.addAll(changes.isEmpty() ? List.of("nothing; the two are the same") : changes);
    }

    private static String line(ServiceDeploymentBrief deployment, DeploymentHistory history) {
        String begun = ChangeTexts.label(history.taskDefinition(deployment)) + ", begun "
                + ChangeTexts.time(deployment.createdAt()) + ", ";
        return begun
                + switch (deployment.status()) {
                    case SUCCESSFUL -> "completed " + ChangeTexts.time(deployment.finishedAt());
                    case STOPPED -> "was stopped" + reason(deployment);
                    case PENDING -> "waits to begin";
                    case IN_PROGRESS -> "is in progress" + reason(deployment);
                    case STOP_REQUESTED -> "is being stopped" + reason(deployment);
                    case ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS -> "is being rolled back by ECS" + reason(deployment);
                    case ROLLBACK_SUCCESSFUL -> "was rolled back by ECS" + reason(deployment);
                    case ROLLBACK_FAILED -> "could not be rolled back by ECS" + reason(deployment);
                    default -> deployment.statusAsString();
                };
    }

    private static String reason(ServiceDeploymentBrief deployment) {
        return deployment.statusReason() == null || deployment.statusReason().isBlank()
                ? ""
                : ": " + deployment.statusReason().strip().replaceAll("\\s+", " ");
    }

    private static List<String> cut(List<String> lines) {
        List<String> kept = new ArrayList<>();
        int left = SlackLimits.DETAIL;
        for (String line : lines) {
            if (line.length() + 1 + MORE.length() > left) {
                kept.add(line.substring(0, Math.max(0, Math.min(line.length(), left - 1 - MORE.length()))) + MORE);
                return kept;
            }
            kept.add(line);
            left -= line.length() + 1;
        }
        return kept;
    }
}
