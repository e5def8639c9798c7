package io.ecssteward.incident;

import io.ecssteward.failure.TransientFailureException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Retries a compare-and-set that other replicas win. */
final class Attempts {

    private static final int MAX = 12;

    /**
     * The longest wait after the first attempt, in milliseconds; it doubles with each attempt, up to sixteen times
     * that.
     */
    private static final int MAX_MILLIS = 10;

    private Attempts() {}

    /**
     * Makes attempts until one succeeds.
     *
     * @throws TransientFailureException after twelve failed attempts
     */
    static void of(String doing, BooleanSupplier attempt) {
        for (int made = 0; made < MAX; made++) {
            if (made > 0) {
                int longest = MAX_MILLIS << Math.min(made - 1, 4);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(
                        ThreadLocalRandom.current().nextInt(longest)));
            }
            if (attempt.getAsBoolean()) {
                return;
            }
        }
        throw new TransientFailureException(doing + ": others wrote it first, " + MAX + " times");
    }
}
