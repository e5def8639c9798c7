package io.ecssteward.sqs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * Limits the polls of a queue that run at the same time: one while the queue is empty, and one more for each poll that
 * returns messages, so that all consumers poll after a few rounds. A poll that waits for its turn sends no request.
 *
 * <p>All readers of the queue share this limit. When a reader is replaced, its last polls also count for its successor,
 * and their messages are left here for that one.
 */
final class IdlePolls {

    private int allowed = 1;
    private int underWay;

    /**
     * Messages that are left longer are dropped: edited routes may no longer read this queue. SQS delivers them again;
     * if they were kept, a message that another process handled meanwhile could be processed twice.
     */
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long MAX_ENDING_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The messages of a reader's last polls that returned after its successor took over. */
    private final Deque<Left> left = new ArrayDeque<>();

    private final LongSupplier nanoTime;

    private record Left(ReceiveMessageResponse response, long at) {}

    IdlePolls(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How many polls of previous readers are in progress. */
    private int ofPredecessors;

    /**
     * Waits for a turn, at most this many seconds; false if it got none.
     *
     * @param reading whether the caller is still the current reader
     */
    synchronized boolean begin(long seconds, BooleanSupplier reading) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try {
            while (reading.getAsBoolean() && left.isEmpty() && underWay >= allowed) {
                long nanos = until - System.nanoTime();
                if (nanos <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        if (!reading.getAsBoolean()) {
            return false;
        }
        underWay++;
        return true;
    }

    /** The messages that were left for the current reader; null if there are none. */
    synchronized ReceiveMessageResponse left() {
        left.removeIf(old -> nanoTime.getAsLong() - old.at() > KEPT_NANOS);
        Left next = left.poll();
        return next == null ? null : next.response();
    }

    /** Another reader takes over. */
    synchronized void handOver() {
        ofPredecessors = underWay;
        notifyAll();
    }

    /** Whether a poll of a previous reader may still return messages. */
    synchronized boolean handingOver() {
        return ofPredecessors > 0;
    }

    /**
     * A poll ended.
     *
     * @param toLeave its messages if they are for the next reader; null otherwise. They are left in the same step:
     *     otherwise the next reader could begin a long poll in between, and find them only after it
     */
    synchronized void ended(int messages, ReceiveMessageResponse toLeave) {
        if (toLeave != null) {
            left.add(new Left(toLeave, nanoTime.getAsLong()));
        }
        allowed = messages == 0 ? 1 : Math.max(allowed, underWay + 1);
        over();
    }

    /**
     * A poll failed: lets every consumer poll, because Camel's back-off and health check expect each to see the
     * failure.
     */
    synchronized void failed() {
        over();
        open();
    }

    /**
     * Counts down. Which reader's poll ended does not matter, since a successor's polls are short while earlier ones
     * run.
     */
    private void over() {
        underWay--;
        ofPredecessors = Math.min(ofPredecessors, underWay);
        notifyAll();
    }

    /** Lets all consumers poll. */
    synchronized void open() {
        allowed = Integer.MAX_VALUE;
        notifyAll();
    }

    /** Ends all waiting for a turn, and waits up to a second for aborted polls to end. */
    synchronized void end() {
        open();
        long until = System.nanoTime() + MAX_ENDING_NANOS;
        try {
            for (long left = MAX_ENDING_NANOS; underWay > 0 && left > 0; left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
