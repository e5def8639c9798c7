package io.ecssteward.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A bucket as ECS throttles with: full at first, and refilled at a steady rate.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html">Request throttling
 *     for the Amazon ECS API</a>
 */
final class TokenBucket {
    private static final double NANOS = 1e9;

    private final Clock clock;
    private final double burst;
    private final double perSecond;
    private double tokens;
    private Instant filled;

    TokenBucket(Clock clock, int burst, int perSecond) {
        this.clock = clock;
        this.burst = burst;
        this.perSecond = perSecond;
        tokens = burst;
        filled = clock.instant();
    }

    /** Takes a token; false when there is none. */
    synchronized boolean take() {
        Instant now = clock.instant();
        if (now.isAfter(filled)) {
            tokens = Math.min(burst, tokens + Duration.between(filled, now).toNanos() / NANOS * perSecond);
            filled = now;
        }
        // Ten refills of a tenth of a second sum up to a little less than one.
        if (tokens < 1 - 1e-9) {
            return false;
        }
        tokens = Math.max(0, tokens - 1);
        return true;
    }
}
