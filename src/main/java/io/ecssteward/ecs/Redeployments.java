package io.ecssteward.ecs;

import io.ecssteward.failure.PermanentFailureException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The queue of redeployments that are due. One call to DescribeServices covers up to ten of the same cluster, so a
 * decision is based on data that is at most ten calls to UpdateService old.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html">DescribeServices:
 *     up to ten services in one call</a>
 */
final class Redeployments {

    private final Supplier<EcsClient> client;
    private final Executor threads;
    private final Deque<Due> waiting = new ArrayDeque<>();

    /**
     * A redeployment that is due.
     *
     * @param decide takes what ECS says about the service; null when ECS does not know it
     * @param failed takes the failure of the call
     */
    record Due(String cluster, String service, Consumer<Service> decide, Consumer<RuntimeException> failed) {}

    /** Calls ECS and decides on these threads. */
    Redeployments(Supplier<EcsClient> client, Executor threads) {
        this.client = client;
        this.threads = threads;
    }

    /** Queues a redeployment. It does not wait, unless the queue of the threads is full. */
    void add(Due due) {
        synchronized (waiting) {
            waiting.add(due);
        }
        // One task for each; a task that finds the queue empty does nothing.
        threads.execute(() -> redeploy(take()));
    }

    /** Removes the oldest, and those that can be described in the same call. */
    private List<Due> take() {
        Map<String, Due> taken = new LinkedHashMap<>();
        synchronized (waiting) {
            String cluster = waiting.isEmpty() ? null : waiting.peek().cluster();
            for (Iterator<Due> queued = waiting.iterator();
                    queued.hasNext() && taken.size() < EcsServices.MAX_SERVICES; ) {
                Due due = queued.next();
                // A service that is queued twice is decided on twice, each time from a new description.
                if (due.cluster().equals(cluster) && taken.putIfAbsent(due.service(), due) == null) {
                    queued.remove();
                }
            }
        }
        return List.copyOf(taken.values());
    }

    private void redeploy(List<Due> batch) {
        if (batch.isEmpty()) {
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
                // One refused name fails the whole call: describe each by itself.
                batch.forEach(due -> redeploy(List.of(due)));
            }
            return;
        } catch (RuntimeException e) {
            batch.forEach(due -> due.failed().accept(e));
            return;
        }
        batch.forEach(due -> due.decide().accept(services.get(due.service())));
    }
}
