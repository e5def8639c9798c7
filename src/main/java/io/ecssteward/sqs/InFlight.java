package io.ecssteward.sqs;

/**
 * Counts the exchanges in flight in the whole process. Bind one in the registry where there may be more than one
 * context.
 */
@FunctionalInterface
public interface InFlight {

    /** How many exchanges there are that have not ended. */
    int exchanges();
}
