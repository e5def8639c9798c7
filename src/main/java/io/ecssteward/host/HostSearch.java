package io.ecssteward.host;

import io.ecssteward.ecs.EcsErrors;
import io.ecssteward.ecs.NamePattern;
import io.ecssteward.event.Arn;
import io.ecssteward.failure.PermanentFailureException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;

/**
 * Finds the container instance of an EC2 instance. No event of EC2 or Auto Scaling names a cluster, and ECS has no
 * operation for this, so each cluster is searched with a filter. The search makes few calls, because they count against
 * a shared rate limit. It skips clusters without container instances, such as those with only Fargate tasks. It starts
 * with the clusters that have the most instances. It caches the list of clusters for a minute. And it searches the
 * cluster first in which the instance's agent was last connected, and no other cluster if the agent still is.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListContainerInstances.html">ListContainerInstances:
 *     every status but INACTIVE by default</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html">Cluster query
 *     language: ec2InstanceId</a>
 */
final class HostSearch {

    /** The most clusters in one call of DescribeClusters. */
    private static final int MAX_CLUSTERS = 100;

    /** Our choice: how long the list of clusters is cached; a new cluster is found soon enough. */
    private static final Duration CLUSTERS_KNOWN = Duration.ofMinutes(1);

    private static final int MAX_FOUND = 10_000;

    private final Clock clock;
    private final Map<String, Clusters> known = new LinkedHashMap<>();
    private final Map<String, Live> found = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Live> eldest) {
            return size() > MAX_FOUND;
        }
    });

    /** The registration whose agent was connected when it was last seen. */
    private record Live(String cluster, String arn) {}

    private record Clusters(List<String> names, Instant asked) {}

    HostSearch(Clock clock) {
        this.clock = clock;
    }

    /** One search: the hosts found so far, and ECS's errors for the clusters without access. */
    private record Look(EcsClient client, String instanceId, List<Host> hosts, Map<String, String> unseen) {

        /** Searches these clusters until one has a registration with a connected agent; true if one has. */
        boolean in(List<String> clusters, String but) {
            return clusters.stream().filter(cluster -> !cluster.equals(but)).anyMatch(this::in);
        }

        /** Adds the registrations in this cluster; true if the agent of one of them is connected. */
        boolean in(String cluster) {
            try {
                List<Host> there =
                        EcsErrors.during("looking for " + instanceId + " in " + cluster, () -> arns(cluster)).stream()
                                .map(arn -> describe(client, cluster, arn))
                                .filter(Objects::nonNull)
                                .toList();
                hosts.addAll(there);
                return there.stream().anyMatch(Host::connected);
            } catch (PermanentFailureException e) {
                unseen.put(cluster, e.getMessage());
                return false;
            }
        }

        /** The registrations in this cluster. The list of clusters is cached, so the cluster may have been deleted. */
        private List<String> arns(String cluster) {
            try {
                return client.listContainerInstances(r -> r.cluster(cluster).filter("ec2InstanceId == " + instanceId))
                        .containerInstanceArns();
            } catch (ClusterNotFoundException e) {
                return List.of();
            }
        }

        private PermanentFailureException failure() {
            return new PermanentFailureException("looking for " + instanceId
                    + (hosts.isEmpty()
                            ? ": it was not found"
                            : ": its agent is not connected where it was found, in "
                                    + hosts.stream()
                                            .map(Host::cluster)
                                            .distinct()
                                            .collect(Collectors.joining(", ")))
                    + ", and these clusters could not be seen: " + String.join(", ", unseen.keySet())
                    + " (" + unseen.values().iterator().next() + ")");
        }
    }

    /**
     * Finds the registrations of an EC2 instance. An instance that registered again, in the same cluster or another
     * one, has two registrations for a while. Only one of them has a connected agent; it comes first, and once it is
     * found, no further cluster is searched. Steward's IAM role may be limited to some clusters: if ECS denies access
     * to one, the search continues. But then a registration without a connected agent may be the stale one, with the
     * tasks in a cluster that Steward cannot read.
     *
     * @param clusters the names of the clusters to search, with {@code *} as wildcard, separated by commas; empty for
     *     all
     * @param sure whether to refresh the list of clusters and search again if nothing was found
     * @return its registrations; empty if it is in none of the clusters
     * @throws PermanentFailureException when neither a registration with a connected agent nor the last one that had a
     *     connected agent was found, and ECS denied access to some of the clusters
     */
    List<Host> find(EcsClient client, String clusters, String instanceId, boolean sure) {
        Look look = new Look(client, instanceId, new ArrayList<>(), new LinkedHashMap<>());
        List<Host> hosts = look.hosts();
        Live last = found.get(instanceId);
        if (last == null || !look.in(last.cluster())) {
            List<String> asked = clusters(client, clusters);
            if (!look.in(asked, last == null ? null : last.cluster()) && sure && hosts.isEmpty()) {
                synchronized (known) {
                    known.remove(clusters);
                }
                look.unseen().clear();
                look.in(clusters(client, clusters), null);
            }
        }
        hosts.sort(Comparator.comparing(host -> !host.connected()));
        if (!hosts.isEmpty() && hosts.get(0).connected()) {
            found.put(instanceId, new Live(hosts.get(0).cluster(), hosts.get(0).arn()));
        }
        Live live = found.get(instanceId);
        if (!look.unseen().isEmpty()
                && hosts.stream().noneMatch(host -> live != null && live.arn().equals(host.arn()))) {
            throw look.failure();
        }
        return hosts;
    }

    /** The current state of the container instance; null when it is gone. */
    static Host describe(EcsClient client, String cluster, String arn) {
        return EcsErrors.during(
                        "describing " + cluster + "/" + Arn.nameOf(arn),
                        () -> client.describeContainerInstances(
                                        r -> r.cluster(cluster).containerInstances(arn))
                                .containerInstances())
                .stream()
                .findFirst()
                .map(instance -> new Host(cluster, instance))
                .orElse(null);
    }

    private List<String> clusters(EcsClient client, String wanted) {
        synchronized (known) {
            Clusters before = known.get(wanted);
            if (before != null && clock.instant().isBefore(before.asked().plus(CLUSTERS_KNOWN))) {
                return before.names();
            }
        }
        Instant asked = clock.instant();
        List<String> names = withInstances(client, named(client, wanted));
        synchronized (known) {
            known.put(wanted, new Clusters(names, asked));
        }
        return names;
    }

    private static List<String> named(EcsClient client, String wanted) {
        List<String> patterns = Arrays.stream(wanted.split(","))
                .map(String::strip)
                .filter(p -> !p.isEmpty())
                .toList();
        if (!patterns.isEmpty() && patterns.stream().noneMatch(pattern -> pattern.contains("*"))) {
            return patterns;
        }
        return EcsErrors.during(
                "listing the clusters",
                () -> client.listClustersPaginator().clusterArns().stream()
                        .map(Arn::nameOf)
                        .filter(name ->
                                patterns.isEmpty() || patterns.stream().anyMatch(p -> NamePattern.matches(p, name)))
                        .toList());
    }

    private static List<String> withInstances(EcsClient client, List<String> names) {
        List<Cluster> described = new ArrayList<>();
        for (int from = 0; from < names.size(); from += MAX_CLUSTERS) {
            List<String> batch = names.subList(from, Math.min(names.size(), from + MAX_CLUSTERS));
            described.addAll(EcsErrors.during(
                    "describing the clusters",
                    () -> client.describeClusters(r -> r.clusters(batch)).clusters()));
        }
        return described.stream()
                .filter(cluster -> cluster.registeredContainerInstancesCount() != null
                        && cluster.registeredContainerInstancesCount() > 0)
                .sorted(Comparator.comparing(Cluster::registeredContainerInstancesCount)
                        .reversed())
                .map(Cluster::clusterName)
                .toList();
    }
}
