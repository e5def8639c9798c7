package io.ecssteward.sqs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * Limits the polls of a queue that run at the same time: one while the queue is empty, and one more for each poll that
 * returns messages, so that all consumers poll after a few rounds. A poll that waits its turn asks SQS nothing.
 *
 * <p>All readers of the queue count together: where one follows another, the last polls of the first are the
 * successor's too, and what they bring is left here for it.
 */
final class IdlePolls {

    private int allowed = 1;
    private int underWay;

    /**
     * Messages that are left longer are dropped: edited routes may no longer read this queue. SQS delivers them again;
     * if they were kept, one that was processed elsewhere in between could be processed twice.
     */
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long MAX_ENDING_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a reader's last polls brought when another had followed it. */
    private final Deque<Left> left = new ArrayDeque<>();

    private final LongSupplier nanoTime;

    private record Left(ReceiveMessageResponse response, long at) {}

    IdlePolls(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How many polls are under way whose reader has been followed by another. */
    private int ofPredecessors;

    /**
     * Waits for a turn, at most for this many seconds; false if there was none.
     *
     * @param reading whether it is still who asks that reads
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

    /** Another reads from now on. */
    synchronized void handOver() {
        ofPredecessors = underWay;
        notifyAll();
    }

    /** Whether a poll may still bring something to leave. */
    synchronized boolean handingOver() {
        return ofPredecessors > 0;
    }

    /**
     * A poll brought so many messages.
     *
     * @param toLeave what it brought, when that is for the next reader; null when it is not. In one step with the end,
     *     or the next reader would begin a long poll in between, and find it afterwards
     */
    synchronized void ended(int messages, ReceiveMessageResponse toLeave) {
        if (toLeave != null) {
            left.add(new Left(toLeave, nanoTime.getAsLong()));
        }
        allowed = messages == 0 ? 1 : Math.max(allowed, underWay + 1);
        over();
    }

    /**
     * A poll failed: each consumer is to see for itself how the queue is, as Camel's back-off and health check expect.
     */
    synchronized void failed() {
        over();
        open();
    }

    /** A successor's polls are short while there are others', so that it is no matter whose has ended. */
    private void over() {
        underWay--;
        ofPredecessors = Math.min(ofPredecessors, underWay);
        notifyAll();
    }

    /** Lets everybody poll. */
    synchronized void open() {
        allowed = Integer.MAX_VALUE;
        notifyAll();
    }

    /** Ends all waiting for polls, and waits up to a second for the polls that were aborted. */
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
