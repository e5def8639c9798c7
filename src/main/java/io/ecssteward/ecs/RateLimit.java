package io.ecssteward.ecs;

/** A token bucket, as ECS throttles with, that tells how long to wait for a token; whoever comes first waits least. */
final class RateLimit {

    private static final double NANOS = 1e9;

    private final double burst;
    private final double perSecond;
    /** Below zero when tokens are promised that are still to come. */
    private double tokens;

    private long filled;

    RateLimit(double burst, double perSecond, long now) {
        this.burst = burst;
        this.perSecond = perSecond;
        tokens = burst;
        filled = now;
    }

    /** Takes a token; returns in how many nanoseconds it may be used. */
    synchronized long take(long now) {
        fill(now);
        tokens -= 1;
        return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perSecond * NANOS);
    }

    /** ECS has no token for us, because others use the same bucket: leaves it alone for a second. */
    synchronized void throttled(long now) {
        fill(now);
        tokens = Math.min(tokens, -perSecond);
    }

    private void fill(long now) {
        tokens = Math.min(burst, tokens + (now - filled) / NANOS * perSecond);
        filled = now;
    }
}
