package io.ecssteward.failure;

/**
 * It failed, and trying again would fail again: access denied, a cluster that does not exist, a message that Slack
 * refuses. The event goes to the dead-letter queue, with this exception's message as the reason, so the message says
 * what was being done, to what, and what the other side said.
 */
public class PermanentFailureException extends RuntimeException {
    public PermanentFailureException(String message) {
        super(message);
    }
}
