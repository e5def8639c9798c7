package io.ecssteward.failure;

/**
 * A failure that a retry would repeat: access denied, a cluster that does not exist, a message that Slack refuses. The
 * event is dead-lettered with this exception's message as the reason, so the message names the operation, its target
 * and the answer.
 */
public class PermanentFailureException extends RuntimeException {
    private final String code;

    public PermanentFailureException(String message) {
        this(message, null);
    }

    PermanentFailureException(String message, String code) {
        super(message);
        this.code = code;
    }

    /** What AWS calls it: {@code AccessDeniedException}; null when AWS did not answer it. */
    public String code() {
        return code;
    }
}
