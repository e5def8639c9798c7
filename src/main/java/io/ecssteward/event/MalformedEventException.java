package io.ecssteward.event;

import io.ecssteward.failure.PermanentFailureException;

/**
 * An event that ECS Steward acts on lacks a required field. It is dead-lettered. Trying again does not help: such a
 * message goes to the dead-letter queue with this exception's message as the reason.
 */
public class MalformedEventException extends PermanentFailureException {
    public MalformedEventException(String message) {
        super(message);
    }
}
