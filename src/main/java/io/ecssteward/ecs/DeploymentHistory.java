package io.ecssteward.ecs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.ServiceRevision;

/**
 * The deployments of one service, the newest first. ECS keeps them for 90 days, and has none from before October 25,
 * 2024. For a service with more than a thousand deployments in that time, only the first thousand that ECS lists are
 * included.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/view-service-deployment.html">Viewing
 *     Amazon ECS service deployments: the 90 days</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html">ListServiceDeployments</a>
 */
final class DeploymentHistory {

    private static final int MAX_RESULTS = 100;
    private static final int MAX_DEPLOYMENTS = 1_000;

    /**
     * The most service revisions in one call of DescribeServiceRevisions.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceRevisions.html">DescribeServiceRevisions</a>
     */
    private static final int MAX_REVISIONS = 20;

    private final List<ServiceDeploymentBrief> deployments;
    private final Function<List<String>, Map<String, String>> revisions;
    private final Map<String, String> taskDefinitions = new HashMap<>();

    /**
     * A deployment that completed.
     *
     * @param taskDefinition its ARN
     * @param at when it completed; null if unknown
     */
    record Completed(String taskDefinition, Instant at) {}

    /** @param revisions maps the ARNs of service revisions to the ARNs of their task definitions */
    DeploymentHistory(List<ServiceDeploymentBrief> deployments, Function<List<String>, Map<String, String>> revisions) {
        this.deployments = deployments.stream()
                .sorted(Comparator.comparing(
                        ServiceDeploymentBrief::createdAt, Comparator.nullsLast(Comparator.reverseOrder())))
                .toList();
        this.revisions = revisions;
    }

    /**
     * Reads the history from ECS.
     *
     * @throws io.ecssteward.failure.TransientFailureException when ECS throttles, has a server error, or does not
     *     answer
     * @throws io.ecssteward.failure.PermanentFailureException when ECS rejects the call
     */
    static DeploymentHistory of(EcsClient client, String cluster, String service) {
        String doing = "asking for the deployments of " + cluster + "/" + service;
        List<ServiceDeploymentBrief> found = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            ListServiceDeploymentsResponse page = EcsErrors.during(
                    doing,
                    () -> client.listServiceDeployments(r -> r.cluster(cluster)
                            .service(service)
                            .maxResults(MAX_RESULTS)
                            .nextToken(from)));
            found.addAll(page.serviceDeployments());
            token = page.nextToken();
        } while (token != null && found.size() < MAX_DEPLOYMENTS);
        return new DeploymentHistory(
                found,
                arns -> EcsErrors.during(doing, () -> client.describeServiceRevisions(r -> r.serviceRevisionArns(arns)))
                        .serviceRevisions()
                        .stream()
                        .filter(r -> r.taskDefinition() != null)
                        .collect(Collectors.toMap(
                                ServiceRevision::serviceRevisionArn, ServiceRevision::taskDefinition, (a, b) -> a)));
    }

    /** All deployments, newest first. */
    List<ServiceDeploymentBrief> deployments() {
        return deployments;
    }

    /** Whether the newest deployment has one of these statuses. */
    boolean newestIs(ServiceDeploymentStatus... statuses) {
        return !deployments.isEmpty()
                && List.of(statuses).contains(deployments.get(0).status());
    }

    /** The ARN of the task definition that it deploys; null if unknown. */
    String taskDefinition(ServiceDeploymentBrief deployment) {
        String arn = deployment.targetServiceRevisionArn();
        if (arn != null && !taskDefinitions.containsKey(arn)) {
            List<String> batch = deployments.stream()
                    .skip(Math.max(0, deployments.indexOf(deployment)))
                    .map(ServiceDeploymentBrief::targetServiceRevisionArn)
                    .filter(Objects::nonNull)
                    .filter(revision -> !taskDefinitions.containsKey(revision))
                    .distinct()
                    .limit(MAX_REVISIONS)
                    .toList();
            Map<String, String> known = revisions.apply(batch);
            batch.forEach(revision -> taskDefinitions.put(revision, known.get(revision)));
        }
        return taskDefinitions.get(arn);
    }

    /** The last completed deployment whose task definition matches. */
    Optional<Completed> completed(Predicate<String> taskDefinition) {
        return deployments.stream()
                .filter(d -> d.status() == ServiceDeploymentStatus.SUCCESSFUL)
                .filter(d -> taskDefinition(d) != null && taskDefinition.test(taskDefinition(d)))
                .findFirst()
                .map(d -> new Completed(taskDefinition(d), d.finishedAt()));
    }
}
