package io.ecssteward.event;

import io.ecssteward.failure.PermanentFailureException;

/**
 * The message says that it is an event that ECS Steward acts on, but lacks what acting takes. Trying again does not
 * help: such a message goes to the dead-letter queue with this exception's message as the reason.
 */
public class MalformedEventException extends PermanentFailureException {
    public MalformedEventException(String message) {
        super(message);
    }
}
