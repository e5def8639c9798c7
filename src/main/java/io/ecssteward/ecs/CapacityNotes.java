package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Deployment;

/**
 * Notes about a service's capacity, stored with the claims. They only affect how soon a move is made. If they are lost,
 * ECS reports missing tasks again.
 */
final class CapacityNotes {

    /** How long observations of a service count. */
    private static final Duration RETENTION = Duration.ofHours(1);

    /** Three times the longest calm time. */
    private static final Duration A_DAY = Duration.ofDays(1);

    /** A deployment that Steward started. */
    record Ours(String deployment, Instant at) {}

    private final ClaimStore store;
    private final String service;

    /** @param service its cluster's ARN and its name, with a slash in between */
    CapacityNotes(ClaimStore store, String service) {
        this.store = store;
        this.service = service;
    }

    /** Since when tasks are missing; null when they are not. */
    Instant missingSince() {
        String noted = store.noted("missing/" + service);
        return noted == null ? null : Instant.parse(noted);
    }

    /** Stores that time, if it changed. */
    void missingSince(Instant before, Instant since) {
        if (since == null && before != null) {
            store.forget("missing/" + service);
        } else if (since != null && !since.equals(before)) {
            store.note("missing/" + service, since.toString(), RETENTION);
        }
    }

    /** When Spot interrupted a large share of the tasks, in the hour before now. */
    List<Instant> bursts(Instant now) {
        String noted = store.noted("bursts/" + service);
        return noted == null
                ? List.of()
                : noted.lines()
                        .map(Instant::parse)
                        .filter(at -> at.isAfter(now.minus(RETENTION)))
                        .toList();
    }

    /** Adds a burst, unless it belongs to the previous one. */
    void burst(Instant now, Duration window) {
        List<Instant> bursts = new ArrayList<>(bursts(now));
        if (bursts.stream().noneMatch(at -> at.plus(window).isAfter(now))) {
            bursts.add(now);
            store.note(
                    "bursts/" + service,
                    bursts.stream().map(Instant::toString).collect(Collectors.joining("\n")),
                    RETENTION);
        }
    }

    /** Why the service is left alone at present; null if it is not. */
    SkipReason leftAlone() {
        String noted = store.noted("left-alone/" + service);
        return noted == null ? null : SkipReason.of(noted);
    }

    /** Leaves the service alone for this time, unless it carries Steward's tag. */
    void leaveAlone(SkipReason reason, Duration calmTime) {
        store.note("left-alone/" + service, reason.word(), calmTime);
    }

    void noLongerLeftAlone() {
        store.forget("left-alone/" + service);
    }

    /** The deployment that Steward's last update started; null if unknown. */
    Ours ours() {
        String[] noted =
                String.valueOf(store.noted("our-deployment/" + service)).split(" ");
        return noted.length == 2 ? new Ours(noted[0], Instant.parse(noted[1])) : null;
    }

    void ours(String deployment, Instant now) {
        store.note("our-deployment/" + service, deployment + " " + now, A_DAY);
        store.note("progress/" + service, deployment + " 0 " + now, A_DAY);
    }

    /** Since when no further task of a deployment has started to run. */
    Instant stalledSince(Deployment deployment, Instant now) {
        String[] noted = String.valueOf(store.noted("progress/" + service)).split(" ");
        int running = deployment.runningCount() == null ? 0 : deployment.runningCount();
        if (noted.length == 3 && noted[0].equals(deployment.id()) && running <= Integer.parseInt(noted[1])) {
            return Instant.parse(noted[2]);
        }
        store.note("progress/" + service, deployment.id() + " " + running + " " + now, A_DAY);
        return now;
    }
}
