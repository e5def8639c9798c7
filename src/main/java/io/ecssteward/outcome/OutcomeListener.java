package io.ecssteward.outcome;

import io.ecssteward.event.Event;

/**
 * Hears what became of each event, when it is over. Bind one in the registry to be told; must be safe for many threads.
 */
@FunctionalInterface
public interface OutcomeListener {

    /**
     * One event is over.
     *
     * @param event what came
     * @param outcome what was done about it and what not
     * @param failure why it could not be done; null when it was
     */
    void over(Event event, EventOutcome eventOutcome, Exception failure);
}
