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
 * Whether a Fargate Spot interruption is worth a deployment, which replaces every task of the service. ECS replaces the
 * interrupted task itself where there is capacity, so a deployment is for a service that loses many, and not over and
 * over.
 *
 * <p>It asks ECS nothing. The events of a service come one at a time, because each holds the service's claim, so the
 * interrupted tasks can be counted beside the claims: by the task and not by the event, as a task has several.
 *
 * @see <a href="https://repost.aws/knowledge-center/fargate-spot-termination-notice">Fargate Spot termination
 *     notices</a>
 */
final class SpotGuard {

    private static final Duration WINDOW = Duration.ofMinutes(5);

    /** What the cap on redeployments counts. */
    private static final Duration CAP_WINDOW = Duration.ofHours(1);

    /** 0.07 of 100 tasks is a little more than 7 in binary. */
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

    /** For the interruption of a task; the service is its cluster's ARN and its name. */
    SpotGuard(EcsServiceEndpoint endpoint, TaskStateChange task, ClaimStore store, String service) {
        this.endpoint = endpoint;
        this.task = task;
        this.store = store;
        this.service = service;
    }

    /** What the service's policy is: its tag's, or else that of the settings. */
    String policy(String cluster, Service found) {
        SpotPolicy policy = SpotPolicy.of(endpoint.getSpotPolicy(), endpoint.getSpotPolicies(), cluster, found);
        unknownTag = policy.unknownTag();
        return policy.word();
    }

    /** Remembers when so many tasks were interrupted that the service would be redeployed under that policy. */
    void countBurst(Service found) {
        if (interrupted() >= endpoint.spotShare * running(found) - ROUNDING) {
            new CapacityNotes(store, service)
                    .burst(endpoint.getComponent().clock().instant(), WINDOW);
        }
    }

    /** What holds a deployment back; empty when nothing does. */
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

    /** How many tasks of the service were interrupted within five minutes, with this one. */
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

    /** Counts a deployment before it is started, so that one that is started by a process that dies then is counted. */
    void starting() {
        store.record(slot(free), CAP_WINDOW);
    }

    /** None was started after all. */
    void notStarted() {
        store.forget(slot(free));
    }

    /** How long none is started after this one: twice as long as after the one before it in the same hour. */
    Duration coolDown(Duration first) {
        return first.multipliedBy(1L << Math.min(earlier, 16));
    }

    /** What the alert says beside the outcome: the numbers, and what is wrong with the tag. */
    String detail(Held held) {
        String numbers = held == null ? counted : held.numbers();
        return numbers + (numbers.isEmpty() || unknownTag.isEmpty() ? "" : ". ") + unknownTag;
    }

    private String slot(int number) {
        return "redeployed/" + service + "/" + number;
    }
}
