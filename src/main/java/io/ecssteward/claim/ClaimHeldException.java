package io.ecssteward.claim;

import io.ecssteward.failure.TransientFailureException;

/** A duplicate of this event is in progress. This one is left to the queue in case that one fails. */
public class ClaimHeldException extends TransientFailureException {
    public ClaimHeldException(String key) {
        super("a duplicate is in progress: " + key);
    }
}
