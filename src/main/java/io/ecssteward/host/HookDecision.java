package io.ecssteward.host;

import io.ecssteward.limits.SqsLimits;
import java.time.Duration;
import java.time.Instant;

/**
 * What to do about a lifecycle action now, and when to check again. {@link #of} uses only the current state and no
 * stored notes, so a duplicate or late check, or one after a crash, decides correctly.
 *
 * @param step what to do
 * @param next seconds until the next check; 0 for none
 */
record HookDecision(Step step, int next) {

    /** Our choice: the first check is early, because there may be nothing to wait for. */
    private static final int FIRST_CHECK_SECONDS = 15;

    /** The longest delay in SQS, in seconds. */
    private static final int MAX_SECONDS = SqsLimits.DELAY_SECONDS;

    /**
     * Our choice: the action is completed at most this long before the hook's final timeout, because the next check may
     * be late.
     */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    enum Step {
        WAIT,
        /** No task runs there any more. */
        COMPLETE,
        /** Tasks still run there, but the time is nearly over. */
        CUT_OFF
    }

    /**
     * The truth table.
     *
     * @param began when the hook began to wait
     * @param times how long it waits
     * @param tasks how many tasks it has to wait for
     */
    static HookDecision of(Instant began, Instant now, LifecycleHooks.Times times, int tasks) {
        if (tasks == 0) {
            return new HookDecision(Step.COMPLETE, 0);
        }
        Duration margin = min(MARGIN, times.atMost().dividedBy(10));
        Instant latest = began.plus(times.atMost()).minus(margin);
        if (!now.isBefore(latest)) {
            return new HookDecision(Step.CUT_OFF, 0);
        }
        Duration waited = Duration.between(began, now);
        // Three checks per heartbeat timeout: two may fail.
        int gap = (int) Math.max(1, Math.min(MAX_SECONDS, times.heartbeat().toSeconds() / 3));
        int growing = (int) Math.max(Math.min(FIRST_CHECK_SECONDS, gap), Math.min(gap, waited.toSeconds() / 4));
        int left = (int) Math.min(
                MAX_SECONDS, Math.max(1, Duration.between(now, latest).toSeconds() + 1));
        return new HookDecision(Step.WAIT, Math.min(growing, left));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
