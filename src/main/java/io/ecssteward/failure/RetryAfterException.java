package io.ecssteward.failure;

import java.time.Duration;

/** It would have to wait for longer than makes sense in memory, and whoever knows that also knows for how long. */
public class RetryAfterException extends TransientFailureException {

    private final Duration after;

    /**
     * With what is in the way.
     *
     * @param after when to try again
     */
    public RetryAfterException(String message, Duration after) {
        super(message);
        this.after = after;
    }

    /** When to try again. */
    public Duration after() {
        return after;
    }
}
