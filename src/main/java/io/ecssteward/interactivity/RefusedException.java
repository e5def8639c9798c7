package io.ecssteward.interactivity;

import io.ecssteward.failure.PermanentFailureException;

/**
 * A person's request is refused, for a reason other than a failure. The exception's message is the answer to that
 * person.
 */
public class RefusedException extends PermanentFailureException {

    /** Creates it with the answer to the person. */
    public RefusedException(String message) {
        super(message);
    }
}
