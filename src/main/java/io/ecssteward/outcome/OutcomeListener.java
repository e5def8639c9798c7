package io.ecssteward.outcome;

import io.ecssteward.event.Event;

/** Receives the outcome of each event when its processing ends. Bind one in the registry; it must be thread-safe. */
@FunctionalInterface
public interface OutcomeListener {

    /**
     * The processing of an event ended.
     *
     * @param failure why the event failed; null if it did not
     */
    void over(Event event, EventOutcome eventOutcome, Exception failure);
}
