package io.ecssteward.sqs;

/**
 * Counts the exchanges in flight in the whole process. Bind one in the registry if there may be more than one Camel
 * context.
 */
@FunctionalInterface
public interface InFlight {

    /** The number of exchanges in flight. */
    int exchanges();
}
