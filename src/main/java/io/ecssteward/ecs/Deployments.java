package io.ecssteward.ecs;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;

/** What the deployments of a service say. */
final class Deployments {

    /** What the service's events say then. */
    private static final String IMPAIRED = "unable to consistently start tasks";

    private Deployments() {}

    /**
     * Whether a deployment of any strategy and any age is in progress. A second one would supersede it, start its bake
     * time or traffic shift anew, and reset the circuit breaker's count of failed tasks. ECS reports no rollout state
     * behind a Classic Load Balancer; there a second deployment is one that is still being replaced. After a failed one
     * the older tasks stay without anything in progress.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html">Deployment: status,
     *     rolloutState</a>
     */
    static boolean inProgress(List<Deployment> deployments) {
        boolean failed = deployments.stream().anyMatch(d -> d.rolloutState() == DeploymentRolloutState.FAILED);
        return deployments.size() > 1 && !failed
                || deployments.stream()
                        .anyMatch(d -> d.rolloutState() != null
                                && d.rolloutState() != DeploymentRolloutState.COMPLETED
                                && d.rolloutState() != DeploymentRolloutState.FAILED);
    }

    /**
     * Whether tasks of a deployment start and stop again and again.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html">Service
     *     event messages</a>
     */
    static boolean impaired(Service service, Deployment deployment) {
        return service.events().stream()
                .anyMatch(e -> e.message() != null
                        && e.message().contains(IMPAIRED)
                        && e.createdAt() != null
                        && deployment.createdAt() != null
                        && e.createdAt().isAfter(deployment.createdAt()));
    }
}
