package io.ecssteward.socket;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Decides when to open the next connection: at once after one that has lasted, otherwise after a growing delay, because
 * Slack limits how often a connection can be requested. Not thread-safe.
 */
final class ReconnectDelay {

    private final SocketTimes times;
    private long since;
    private int failures;

    ReconnectDelay(SocketTimes times) {
        this.times = times;
    }

    /** A connection was opened. */
    void opened() {
        since = System.nanoTime();
    }

    /** How long to wait when Slack is about to close the connection. */
    Duration replacing() {
        return afterSteady(Duration.ZERO);
    }

    /**
     * How long to wait after a connection is lost: a short random time, because all replicas may have lost theirs at
     * once.
     */
    Duration lost() {
        return afterSteady(random(times.backoff().dividedBy(2)));
    }

    private Duration afterSteady(Duration delay) {
        if (System.nanoTime() - since >= times.steady().toNanos()) {
            failures = 0;
            return delay;
        }
        failures++;
        return failures == 1 ? delay : backoff();
    }

    /** How long to wait after no connection could be opened. */
    Duration failed(SocketProblem why) {
        failures++;
        if (why.kind() != SocketProblem.Kind.TRANSIENT) {
            return times.slow().plus(random(times.slow()));
        }
        Duration wait = backoff();
        boolean asked = why.retryAfter() != null && why.retryAfter().compareTo(wait) > 0;
        return asked ? why.retryAfter().plus(random(times.backoff())) : wait;
    }

    private Duration backoff() {
        Duration longest = times.backoff().multipliedBy(1L << Math.min(failures - 1, 16));
        Duration max = longest.compareTo(times.slow()) > 0 ? times.slow() : longest;
        return max.dividedBy(2).plus(random(max.dividedBy(2)));
    }

    private static Duration random(Duration max) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(Math.max(1, max.toNanos())));
    }
}
