package io.ecssteward.incident;

import io.ecssteward.failure.PermanentFailureException;

/** The message of an incident can no longer be edited or replied to: it was deleted, or its channel archived. */
public class MessageGoneException extends PermanentFailureException {
    private static final long serialVersionUID = 1;

    /** @param message includes Slack's error code */
    public MessageGoneException(String message) {
        super(message);
    }
}
