package io.ecssteward.ecs;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * Finds the services that have our {@linkplain FailoverTag tag}, whoever forgot them: asks ECS for all services there
 * are, ten to a hundred in a call.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html">ListServices: up to
 *     100 in a call</a>
 */
public final class Failovers {
    private Failovers() {}

    private static final int PAGE = 100;

    /**
     * The services with the tag, as ECS describes them.
     *
     * @throws io.ecssteward.failure.TransientFailureException when ECS throttles, has an error of its own, or does not
     *     answer
     * @throws io.ecssteward.failure.PermanentFailureException when ECS refuses
     */
    public static List<Service> of(EcsClient client) {
        List<Service> found = new ArrayList<>();
        for (String cluster : clusters(client)) {
            EcsServices.describe(client, cluster, services(client, cluster)).values().stream()
                    .filter(service -> FailoverTag.on(service) != null)
                    .forEach(found::add);
        }
        return found;
    }

    private static List<String> clusters(EcsClient client) {
        List<String> found = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            ListClustersResponse page = EcsErrors.during(
                    "listing clusters",
                    () -> client.listClusters(r -> r.maxResults(PAGE).nextToken(from)));
            found.addAll(page.clusterArns());
            token = page.nextToken();
        } while (token != null);
        return found;
    }

    private static List<String> services(EcsClient client, String cluster) {
        List<String> found = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            ListServicesResponse page = EcsErrors.during(
                    "listing the services of " + cluster,
                    () -> client.listServices(
                            r -> r.cluster(cluster).maxResults(PAGE).nextToken(from)));
            found.addAll(page.serviceArns());
            token = page.nextToken();
        } while (token != null);
        return found;
    }
}
