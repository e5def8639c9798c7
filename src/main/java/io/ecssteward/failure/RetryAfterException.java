package io.ecssteward.failure;

import java.time.Duration;

/** A failure that a retry may resolve after a known time, which is too long for waiting in memory. */
public class RetryAfterException extends TransientFailureException {

    private final Duration after;

    /**
     * @param message the reason
     * @param after how long to wait
     */
    public RetryAfterException(String message, Duration after) {
        super(message);
        this.after = after;
    }

    /** How long to wait before the next attempt. */
    public Duration after() {
        return after;
    }
}
