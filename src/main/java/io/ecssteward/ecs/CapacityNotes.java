package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is remembered about a service's capacity for an hour, beside the claims. It is only what makes a move sooner or
 * later: where it is lost, ECS says again that tasks are missing.
 */
final class CapacityNotes {

    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final ClaimStore store;
    private final String service;

    /** Of a service: its cluster's ARN and its name. */
    CapacityNotes(ClaimStore store, String service) {
        this.store = store;
        this.service = service;
    }

    /** Since when tasks are missing; null when they are not. */
    Instant missingSince() {
        String noted = store.noted("missing/" + service);
        return noted == null ? null : Instant.parse(noted);
    }

    /** Changes that, if it is another than before. */
    void missingSince(Instant before, Instant since) {
        if (since == null && before != null) {
            store.forget("missing/" + service);
        } else if (since != null && !since.equals(before)) {
            store.note("missing/" + service, since.toString(), AN_HOUR);
        }
    }

    /** When Spot took a large share of the tasks, in the hour before now. */
    List<Instant> bursts(Instant now) {
        String noted = store.noted("bursts/" + service);
        return noted == null
                ? List.of()
                : noted.lines()
                        .map(Instant::parse)
                        .filter(at -> at.isAfter(now.minus(AN_HOUR)))
                        .toList();
    }

    /** Another one, unless it belongs to the one before it. */
    void burst(Instant now, Duration window) {
        List<Instant> bursts = new ArrayList<>(bursts(now));
        if (bursts.stream().noneMatch(at -> at.plus(window).isAfter(now))) {
            bursts.add(now);
            store.note(
                    "bursts/" + service,
                    bursts.stream().map(Instant::toString).collect(Collectors.joining("\n")),
                    AN_HOUR);
        }
    }

    /** Whether somebody changed the strategy by hand, less than the calm time ago. */
    boolean handsOff() {
        return store.recorded("hands-off/" + service);
    }

    void handsOff(Duration calmTime) {
        store.record("hands-off/" + service, calmTime);
    }
}
