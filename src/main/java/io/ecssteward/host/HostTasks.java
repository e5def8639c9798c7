package io.ecssteward.host;

import io.ecssteward.ecs.EcsErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The tasks on a container instance that have not ended. A task that is being stopped is listed only with the desired
 * status STOPPED, and runs until its last status is STOPPED: if the instance is terminated earlier, the task is killed.
 *
 * @param byGroup the number of tasks by group, {@code service:web}, {@code daemon:logs}, {@code family:job} or a name
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html">ListTasks: RUNNING by
 *     default</a>
 * @see <a href="https://github.com/aws/aws-cdk/pull/13559">A drain hook that did not wait for stopping tasks</a>
 */
record HostTasks(Map<String, Integer> byGroup) {

    static final HostTasks NONE = new HostTasks(Map.of());

    private static final String SERVICE = "service:";

    /** The prefix of the groups of Managed Daemons. */
    private static final String DAEMON = "daemon:";

    /** The most tasks in one call of DescribeTasks. */
    private static final int MAX_TASKS = 100;

    /** The most services in one call of DescribeServices. */
    private static final int MAX_SERVICES = 10;

    /** Reads the tasks on a host from ECS. */
    static HostTasks on(EcsClient client, Host host) {
        List<String> arns = new ArrayList<>(list(client, host, DesiredStatus.RUNNING));
        arns.addAll(list(client, host, DesiredStatus.STOPPED));
        Map<String, Integer> byGroup = new TreeMap<>();
        for (int from = 0; from < arns.size(); from += MAX_TASKS) {
            List<String> batch = arns.subList(from, Math.min(arns.size(), from + MAX_TASKS));
            EcsErrors.during(
                            "describing the tasks on " + host.cluster() + "/" + host.id(),
                            () -> client.describeTasks(
                                            r -> r.cluster(host.cluster()).tasks(batch))
                                    .tasks())
                    .stream()
                    .filter(task -> !"STOPPED".equals(task.lastStatus()) && !"DELETED".equals(task.lastStatus()))
                    .map(Task::group)
                    .forEach(group -> byGroup.merge(group == null ? "" : group, 1, Integer::sum));
        }
        return new HostTasks(byGroup);
    }

    private static List<String> list(EcsClient client, Host host, DesiredStatus desired) {
        return EcsErrors.during(
                "listing the tasks on " + host.cluster() + "/" + host.id(),
                () -> client
                        .listTasksPaginator(r -> r.cluster(host.cluster())
                                .containerInstance(host.arn())
                                .desiredStatus(desired))
                        .taskArns()
                        .stream()
                        .toList());
    }

    /** The tasks of both. */
    HostTasks and(HostTasks others) {
        Map<String, Integer> both = new TreeMap<>(byGroup);
        others.byGroup.forEach((group, count) -> both.merge(group, count, Integer::sum));
        return new HostTasks(both);
    }

    /** Whether there are tasks of services, which ECS would start elsewhere. */
    boolean ofServices() {
        return byGroup.keySet().stream().anyMatch(group -> group.startsWith(SERVICE));
    }

    /** The number of tasks. */
    int count() {
        return byGroup.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * The tasks except those of daemons, which run as long as the host does, and which ECS stops last. A daemon service
     * has the scheduling strategy DAEMON; a Managed Daemon is recognized by its group.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instance-draining.html">Daemon
     *     tasks are the last to stop</a>
     */
    HostTasks withoutDaemons(EcsClient client, Host host) {
        List<String> services = byGroup.keySet().stream()
                .filter(group -> group.startsWith(SERVICE))
                .map(group -> group.substring(SERVICE.length()))
                .toList();
        Set<String> daemons = new HashSet<>();
        for (int from = 0; from < services.size(); from += MAX_SERVICES) {
            List<String> batch = services.subList(from, Math.min(services.size(), from + MAX_SERVICES));
            EcsErrors.during(
                            "describing " + host.cluster() + "/" + String.join(",", batch),
                            () -> client.describeServices(
                                            r -> r.cluster(host.cluster()).services(batch))
                                    .services())
                    .stream()
                    .filter(service -> service.schedulingStrategy() == SchedulingStrategy.DAEMON)
                    .map(Service::serviceName)
                    .forEach(name -> daemons.add(SERVICE + name));
        }
        return new HostTasks(byGroup.entrySet().stream()
                .filter(group -> !group.getKey().startsWith(DAEMON) && !daemons.contains(group.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new)));
    }

    /** The tasks in words, with names of services: {@code web (3 tasks), worker (1 task) and 2 tasks of no service}. */
    String words() {
        List<String> parts = new ArrayList<>();
        int others = 0;
        for (Map.Entry<String, Integer> group : byGroup.entrySet()) {
            String name = group.getKey();
            if (name.startsWith(SERVICE) || name.startsWith(DAEMON)) {
                parts.add(name.substring(name.indexOf(':') + 1) + " (" + tasks(group.getValue()) + ")");
            } else {
                others += group.getValue();
            }
        }
        if (others > 0) {
            parts.add(tasks(others) + " of no service");
        }
        int last = parts.size() - 1;
        return parts.size() < 2
                ? String.join("", parts)
                : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }

    /** The same with a verb: {@code web (1 task) still runs on it}. */
    String stillRun() {
        return words() + (count() == 1 ? " still runs" : " still run") + " on it";
    }

    static String tasks(int count) {
        return count + (count == 1 ? " task" : " tasks");
    }
}
