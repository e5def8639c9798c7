package io.ecssteward.ecs;

import io.ecssteward.failure.PermanentFailureException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The queue of services that are due for a check or a change, most urgent first. One DescribeServices call covers up to
 * ten services of a cluster, so a redeployment is decided on data that is at most ten UpdateService calls old.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html">DescribeServices:
 *     up to ten services in one call</a>
 */
final class DueServices {

    /** The rank of a service that has not been checked yet: a check is quick, and shows how urgent the service is. */
    static final double CHECK = -1;

    /** The rank of a service that may have all of its tasks; services with missing tasks come first. */
    static final double ALL_RUNNING = 1;

    /** The rank of a change that only saves money. */
    static final double NOT_URGENT = 2;

    private final Supplier<EcsClient> client;
    private final Executor threads;
    private final PriorityQueue<Due> waiting =
            new PriorityQueue<>(Comparator.comparingDouble(Due::rank).thenComparingLong(Due::number));
    private long added;

    /**
     * A check or change that is due.
     *
     * @param decide receives ECS's description of the service; null when ECS does not know it
     * @param failed receives the failure of the call
     * @param alone runs instead, and calls ECS itself; null for a service that is described together with others
     */
    private record Due(
            double rank,
            long number,
            String cluster,
            String service,
            Consumer<Service> decide,
            Consumer<RuntimeException> failed,
            Runnable alone) {}

    /** Calls ECS and decides on these threads. */
    DueServices(Supplier<EcsClient> client, Executor threads) {
        this.client = client;
        this.threads = threads;
    }

    /**
     * Queues a service to describe and decide on. It does not wait, unless the queue of the threads is full.
     *
     * @param rank the urgency, lowest first: the share of the tasks that run
     * @param decide receives ECS's description of the service; null when ECS does not know it
     * @param failed receives the failure of the call
     */
    void add(double rank, String cluster, String service, Consumer<Service> decide, Consumer<RuntimeException> failed) {
        synchronized (waiting) {
            waiting.add(new Due(rank, added++, cluster, service, decide, failed, null));
        }
        // One thread-pool task for each entry; a task that finds the queue empty does nothing.
        threads.execute(() -> decide(take()));
    }

    /** Queues work that calls ECS itself. */
    void add(double rank, Runnable alone) {
        synchronized (waiting) {
            waiting.add(new Due(rank, added++, "", "", null, null, alone));
        }
        threads.execute(() -> decide(take()));
    }

    /** Removes the most urgent entry, and equally urgent ones that can be described in the same call. */
    private List<Due> take() {
        Map<String, Due> taken = new LinkedHashMap<>();
        synchronized (waiting) {
            Due first = waiting.peek();
            if (first == null || first.alone() != null) {
                return first == null ? List.of() : List.of(waiting.remove());
            }
            Stream<Due> alike = waiting.stream()
                    .filter(due -> due.alone() == null
                            && due.rank() == first.rank()
                            && due.cluster().equals(first.cluster()))
                    .sorted(Comparator.comparingLong(Due::number));
            // A service that is queued twice is decided twice, each time with a new description.
            for (Due due : (Iterable<Due>) alike::iterator) {
                if (taken.size() < EcsServices.MAX_SERVICES) {
                    taken.putIfAbsent(due.service(), due);
                }
            }
            waiting.removeAll(taken.values());
        }
        return List.copyOf(taken.values());
    }

    private void decide(List<Due> batch) {
        if (batch.isEmpty()) {
            return;
        }
        if (batch.get(0).alone() != null) {
            batch.get(0).alone().run();
            return;
        }
        Map<String, Service> services;
        try {
            services = EcsServices.describe(
                    client.get(),
                    batch.get(0).cluster(),
                    batch.stream().map(Due::service).toList());
        } catch (PermanentFailureException e) {
            if (batch.size() == 1) {
                batch.get(0).failed().accept(e);
            } else {
                // One rejected name fails the whole call: describe each service separately.
                batch.forEach(due -> decide(List.of(due)));
            }
            return;
        } catch (RuntimeException e) {
            batch.forEach(due -> due.failed().accept(e));
            return;
        }
        batch.forEach(due -> due.decide().accept(services.get(due.service())));
    }
}
