package io.ecssteward.event;

import io.ecssteward.failure.PermanentFailureException;

/**
 * An event that ECS Steward acts on lacks a required field. A retry does not help, so the message is dead-lettered,
 * with this exception's message as the reason.
 */
public class MalformedEventException extends PermanentFailureException {
    public MalformedEventException(String message) {
        super(message);
    }
}
