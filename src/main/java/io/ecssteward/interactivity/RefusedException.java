package io.ecssteward.interactivity;

import io.ecssteward.failure.PermanentFailureException;

/** What somebody asked for is not done, for a reason that is none of our failures; the message tells that person. */
public class RefusedException extends PermanentFailureException {

    /** With the sentences that the person reads. */
    public RefusedException(String message) {
        super(message);
    }
}
