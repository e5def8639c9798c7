package io.ecssteward.ecs;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/** Reads the state of a service's deployments. */
final class Deployments {

    /** The text of a service event when tasks start and stop repeatedly. */
    private static final String IMPAIRED = "unable to consistently start tasks";

    /** The text of a service event when the service has recovered. */
    private static final String STEADY = "has reached a steady state";

    private Deployments() {}

    /**
     * Whether a deployment of any strategy and any age is in progress. A second one would supersede it, restart its
     * bake time or traffic shift, and reset the circuit breaker's count of failed tasks. ECS reports no rollout state
     * for a service behind a Classic Load Balancer; there, a second deployment in the list means that one is in
     * progress. After a failed deployment, older tasks stay although nothing is in progress.
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
     * Whether tasks of a deployment start and stop repeatedly, without a steady state since.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html">Service
     *     event messages</a>
     */
    static boolean impaired(Service service, Deployment deployment) {
        Instant impaired = last(service, IMPAIRED);
        Instant steady = last(service, STEADY);
        return impaired != null
                && deployment.createdAt() != null
                && impaired.isAfter(deployment.createdAt())
                && (steady == null || steady.isBefore(impaired));
    }

    /**
     * When the service first reached a steady state after that time, according to its events.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html">Service: a maximum of
     *     100 of the latest events</a>
     */
    static Optional<Instant> steadySince(Service service, Instant since) {
        return when(service, STEADY).filter(at -> at.isAfter(since)).min(Comparator.naturalOrder());
    }

    private static Instant last(Service service, String words) {
        return when(service, words).max(Comparator.naturalOrder()).orElse(null);
    }

    private static Stream<Instant> when(Service service, String words) {
        return service.events().stream()
                .filter(e -> e.message() != null && e.message().contains(words) && e.createdAt() != null)
                .map(ServiceEvent::createdAt);
    }
}
