package io.ecssteward.interactivity;

import io.ecssteward.failure.PermanentFailureException;

/** A request of a person is refused, for a reason that is no failure; the message is the answer to that person. */
public class RefusedException extends PermanentFailureException {

    /** With the sentences that the person reads. */
    public RefusedException(String message) {
        super(message);
    }
}
