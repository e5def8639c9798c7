package io.ecssteward.failure;

/**
 * A failure that a retry would repeat: access denied, a cluster that does not exist, a message that Slack rejects. The
 * event is dead-lettered with this exception's message as the reason, so the message must name the operation, its
 * target and the error.
 */
public class PermanentFailureException extends FailureException {
    public PermanentFailureException(String message) {
        this(message, null, null);
    }

    PermanentFailureException(String message, String service, String code) {
        super(message, service, code);
    }
}
