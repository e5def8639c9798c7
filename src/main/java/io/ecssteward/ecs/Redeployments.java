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
 * The redeployments that are due. One call to DescribeServices is for all that wait in the same cluster, up to ten, so
 * what is decided on is as old as ten calls to UpdateService at most.
 */
final class Redeployments {

    private final Supplier<EcsClient> client;
    private final Executor threads;
    private final Deque<Due> waiting = new ArrayDeque<>();

    /**
     * A redeployment that is due.
     *
     * @param decide what to do when the service is known; null when ECS does not know it
     * @param failed what to do when ECS could not be asked
     */
    record Due(String cluster, String service, Consumer<Service> decide, Consumer<RuntimeException> failed) {}

    /**
     * None are due yet.
     *
     * @param threads where to ask ECS and to decide
     */
    Redeployments(Supplier<EcsClient> client, Executor threads) {
        this.client = client;
        this.threads = threads;
    }

    /** Takes one that is due; it does not wait for it, unless the threads are so busy that they take no more work. */
    void add(Due due) {
        synchronized (waiting) {
            waiting.add(due);
        }
        // One task for each, of which those that find nothing left do nothing.
        threads.execute(() -> redeploy(take()));
    }

    /** The longest waiting, and those that can be described with it. */
    private List<Due> take() {
        Map<String, Due> taken = new LinkedHashMap<>();
        synchronized (waiting) {
            String cluster = waiting.isEmpty() ? null : waiting.peek().cluster();
            for (Iterator<Due> all = waiting.iterator(); all.hasNext() && taken.size() < EcsServices.MAX_SERVICES; ) {
                Due due = all.next();
                // The same service once more is decided on when it was looked at once more.
                if (due.cluster().equals(cluster) && taken.putIfAbsent(due.service(), due) == null) {
                    all.remove();
                }
            }
        }
        return List.copyOf(taken.values());
    }

    private void redeploy(List<Due> some) {
        if (some.isEmpty()) {
            return;
        }
        Map<String, Service> services;
        try {
            services = EcsServices.describe(
                    client.get(),
                    some.get(0).cluster(),
                    some.stream().map(Due::service).toList());
        } catch (PermanentFailureException e) {
            if (some.size() == 1) {
                some.get(0).failed().accept(e);
            } else {
                // A name that ECS refuses must not take the others with it.
                some.forEach(due -> redeploy(List.of(due)));
            }
            return;
        } catch (RuntimeException e) {
            some.forEach(due -> due.failed().accept(e));
            return;
        }
        some.forEach(due -> due.decide().accept(services.get(due.service())));
    }
}
