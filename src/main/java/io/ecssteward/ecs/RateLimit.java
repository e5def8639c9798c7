package io.ecssteward.ecs;

/**
 * A token bucket like the ones of ECS's throttling. It returns how long to wait for a token; earlier callers wait less.
 */
final class RateLimit {

    private static final double NANOS = 1e9;

    private final double burst;
    private final double perSecond;
    /** Negative when future tokens have already been taken. */
    private double tokens;

    private long filled;

    RateLimit(double burst, double perSecond, long now) {
        this.burst = burst;
        this.perSecond = perSecond;
        tokens = burst;
        filled = now;
    }

    /** Takes a token; returns the nanoseconds to wait before it may be used. */
    synchronized long take(long now) {
        fill(now);
        tokens -= 1;
        return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perSecond * NANOS);
    }

    /** ECS throttled a call, because other callers use the same bucket: pauses for a second. */
    synchronized void throttled(long now) {
        fill(now);
        tokens = Math.min(tokens, -perSecond);
    }

    private void fill(long now) {
        tokens = Math.min(burst, tokens + (now - filled) / NANOS * perSecond);
        filled = now;
    }
}
