package io.ecssteward.failure;

/**
 * A failure that a retry may resolve: throttled, a server error, no answer. It is retried, and then left to the queue,
 * which delivers the event again later.
 */
public class TransientFailureException extends FailureException {
    public TransientFailureException(String message) {
        this(message, null, null);
    }

    TransientFailureException(String message, String service, String code) {
        super(message, service, code);
    }
}
