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
 * Finds the container instance of an EC2 instance. No event of EC2 or Auto Scaling names a cluster, and ECS has no call
 * for it, so each cluster is asked with a filter. To ask few, because others need the same rate limit: a cluster
 * without instances, as each of Fargate is, is not asked; those with most instances are asked first; which clusters
 * there are is known for a minute; and where its agent was connected last is asked before all others, and alone if it
 * still is.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListContainerInstances.html">ListContainerInstances:
 *     every status but INACTIVE, when none is asked for</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html">Cluster query
 *     language: ec2InstanceId</a>
 */
final class HostSearch {

    /** DescribeClusters takes no more at a time. */
    private static final int MAX_CLUSTERS = 100;

    /** Ours: a cluster that is new is not missed for long. */
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

    /** The registration whose agent was connected when it was seen last. */
    private record Live(String cluster, String arn) {}

    private record Clusters(List<String> names, Instant asked) {}

    HostSearch(Clock clock) {
        this.clock = clock;
    }

    /** One search: what it found so far, and what ECS answered for the clusters that could not be seen. */
    private record Look(EcsClient client, String instanceId, List<Host> hosts, Map<String, String> unseen) {

        /** Whether the agent of one of them is connected. Those after that one are not asked. */
        boolean in(List<String> clusters, String but) {
            return clusters.stream().filter(cluster -> !cluster.equals(but)).anyMatch(this::in);
        }

        /** Adds those that are in this cluster, and says whether the agent of one of them is connected. */
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

        /** Clusters are remembered, so that one may be gone; then nothing is in it. */
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
     * Finds it. An instance that registered anew, in the same cluster or in another one, is there twice for a while;
     * the agent of only one of them is connected, and that one comes first. Where there is such a one, no other cluster
     * is asked. A role may be limited to some clusters: what ECS refuses for one does not end the search. But then a
     * registration without a connected agent may be the stale one, and the tasks run where nobody sees them.
     *
     * @param clusters the names of those to look at, with {@code *}, separated by commas; empty for all
     * @param sure whether it is looked for in the clusters as they are now before it is found nowhere
     * @return its registrations; empty when it is in none of the clusters
     * @throws PermanentFailureException when it was found in none, or not where its agent is or was connected, and ECS
     *     refused to say whether it is in some of them
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

    /** The container instance as it is now; null when it is gone. */
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
