package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.event.TaskStateChange;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * Decides whether a Fargate Spot interruption justifies a deployment, which replaces every task of the service. ECS
 * replaces an interrupted task by itself if there is capacity, so a deployment is only for a service that loses many
 * tasks, and not more often than the hourly cap.
 *
 * <p>It does not call ECS. The events of a service are handled one at a time, because each holds the service's claim,
 * so the interrupted tasks are counted in the store of the claims. Tasks are counted, not events, because a task has
 * several events.
 *
 * @see <a href="https://repost.aws/knowledge-center/fargate-spot-termination-notice">Fargate Spot termination
 *     notices</a>
 */
final class SpotGuard {

    private static final Duration WINDOW = Duration.ofMinutes(5);

    /** The period of the cap on redeployments. */
    private static final Duration CAP_WINDOW = Duration.ofHours(1);

    /** A tolerance: 0.07 of 100 tasks is slightly more than 7 in binary floating point. */
    private static final double ROUNDING = 1e-9;

    /** Why no deployment is started, and the numbers. */
    record Held(SkipReason reason, String numbers) {}

    private final EcsServiceEndpoint endpoint;
    private final TaskStateChange task;
    private final ClaimStore store;
    private final String service;
    private String unknownTag = "";
    private String counted = "";
    private int earlier;
    private int free;

    /** @param service its cluster's ARN and its name, with a slash in between */
    SpotGuard(EcsServiceEndpoint endpoint, TaskStateChange task, ClaimStore store, String service) {
        this.endpoint = endpoint;
        this.task = task;
        this.store = store;
        this.service = service;
    }

    /** The service's policy: from its tag, or else from the settings. */
    String policy(String cluster, Service found) {
        SpotPolicy policy = SpotPolicy.of(endpoint.getSpotPolicy(), endpoint.getSpotPolicies(), cluster, found);
        unknownTag = policy.unknownTag();
        return policy.word();
    }

    /** Notes a burst if enough tasks were interrupted for a redeployment under the policy {@code redeploy}. */
    void countBurst(Service found) {
        if (interrupted() >= endpoint.spotShare * running(found) - ROUNDING) {
            new CapacityNotes(store, service)
                    .burst(endpoint.getComponent().clock().instant(), WINDOW);
        }
    }

    /** Why a deployment is held back; empty if it is not. */
    Optional<Held> held(Service found) {
        free = -1;
        for (int i = 0; i < endpoint.spotLimit; i++) {
            if (store.recorded(slot(i))) {
                earlier++;
            } else if (free < 0) {
                free = i;
            }
        }
        if (free < 0) {
            return Optional.of(new Held(SkipReason.HOURLY_CAP, earlier + " redeployments in an hour"));
        }
        int running = running(found);
        double enough = endpoint.spotShare * running;
        if (running <= 1 || enough <= 1 + ROUNDING) {
            return Optional.empty();
        }
        int interrupted = interrupted();
        counted = interrupted + " of " + running + " tasks";
        return interrupted >= enough - ROUNDING
                ? Optional.empty()
                : Optional.of(new Held(
                        SkipReason.SMALL_SHARE, counted + "; ECS replaces " + (interrupted == 1 ? "it" : "them")));
    }

    private static int running(Service found) {
        return found.runningCount() != null && found.runningCount() > 0
                ? found.runningCount()
                : Optional.ofNullable(found.desiredCount()).orElse(1);
    }

    /** How many tasks of the service were interrupted within five minutes, including this one. */
    private int interrupted() {
        Map<String, Instant> tasks = new LinkedHashMap<>();
        String key = "interrupted/" + service;
        String noted = store.noted(key);
        if (noted != null) {
            noted.lines().map(line -> line.split(" ")).forEach(l -> tasks.put(l[0], Instant.parse(l[1])));
        }
        tasks.put(task.id(), task.time() == null ? Instant.EPOCH : task.time());
        Instant latest = tasks.values().stream().max(Instant::compareTo).orElseThrow();
        tasks.values().removeIf(time -> time.isBefore(latest.minus(WINDOW)));
        store.note(
                key,
                tasks.entrySet().stream()
                        .map(t -> t.getKey() + " " + t.getValue())
                        .collect(Collectors.joining("\n")),
                WINDOW);
        return Math.max(1, tasks.size());
    }

    /**
     * Counts a deployment before it is started, so that it is counted even if the process dies right after starting it.
     */
    void starting() {
        store.record(slot(free), CAP_WINDOW);
    }

    /** Undoes the count, because no deployment was started. */
    void notStarted() {
        store.forget(slot(free));
    }

    /** The cool-down after this deployment: twice as long as after the previous one in the same hour. */
    Duration coolDown(Duration first) {
        return first.multipliedBy(1L << Math.min(earlier, 16));
    }

    /** Details for the alert: the numbers, and the problem with the tag. */
    String detail(Held held) {
        String numbers = held == null ? counted : held.numbers();
        return numbers + (numbers.isEmpty() || unknownTag.isEmpty() ? "" : ". ") + unknownTag;
    }

    private String slot(int number) {
        return "redeployed/" + service + "/" + number;
    }
}
