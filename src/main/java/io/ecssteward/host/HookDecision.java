package io.ecssteward.host;

import io.ecssteward.limits.SqsLimits;
import java.time.Duration;
import java.time.Instant;

/**
 * What to do about a lifecycle action now, and when to check again. {@link #of} decides from what is so, and from
 * nothing that would have to be remembered: a check that comes twice, late or after a crash decides rightly.
 *
 * @param step what to do
 * @param next seconds until the next check; 0 for none
 */
record HookDecision(Step step, int next) {

    /** Ours: the first check, when there may be nothing to wait for. */
    private static final int FIRST_CHECK_SECONDS = 15;

    /** SQS delays no longer. */
    private static final int MAX_SECONDS = SqsLimits.DELAY_SECONDS;

    /** Ours: how long before the end of all waiting the action is completed, at most; the next check may be late. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    enum Step {
        WAIT,
        /** Nothing runs there any more. */
        COMPLETE,
        /** Tasks run there, but the time is nearly over. */
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
        // Three checks in each wait: two may fail.
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
