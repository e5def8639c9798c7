package io.ecssteward.queue;

import java.util.concurrent.TimeUnit;

/**
 * How many polls of one queue are under way at a time: one while nothing comes, and one more than there are for each
 * that brings something, so that a few rounds have every consumer at work. A poll that waits its turn asks SQS nothing.
 */
final class IdlePolls {

    private int allowed = 1;
    private int underWay;

    /** Waits for a turn, for so many seconds at most; false when none came. */
    synchronized boolean begin(long seconds) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try {
            while (underWay >= allowed) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        underWay++;
        return true;
    }

    /** A poll brought so many messages. */
    synchronized void ended(int messages) {
        allowed = messages == 0 ? 1 : Math.max(allowed, underWay + 1);
        underWay--;
        notifyAll();
    }

    /** A poll failed: each consumer is to see for itself how the queue is, as Camel's back-off and health check expect. */
    synchronized void failed() {
        underWay--;
        open();
    }

    /** Lets everybody poll. */
    synchronized void open() {
        allowed = Integer.MAX_VALUE;
        notifyAll();
    }
}
