package io.ecssteward.claim;

import io.ecssteward.failure.TransientFailureException;

/** A duplicate of this event is in flight. This one stays in the queue in case the other fails. */
public class ClaimHeldException extends TransientFailureException {
    public ClaimHeldException(String key) {
        super("a duplicate is in progress: " + key);
    }
}
