package io.ecssteward.incident;

import io.ecssteward.failure.PermanentFailureException;

/** The message of an incident cannot be edited or replied to any more: somebody deleted it, or archived its channel. */
public class MessageGoneException extends PermanentFailureException {
    private static final long serialVersionUID = 1;

    /** With Slack's word in the message. */
    public MessageGoneException(String message) {
        super(message);
    }
}
