package io.ecssteward.failure;

/**
 * A failure that a retry may resolve: throttling, a server error, no answer. The step is retried; if it still fails,
 * the event stays in the queue, which delivers it again later.
 */
public class TransientFailureException extends FailureException {
    public TransientFailureException(String message) {
        this(message, null, null);
    }

    TransientFailureException(String message, String service, String code) {
        super(message, service, code);
    }
}
