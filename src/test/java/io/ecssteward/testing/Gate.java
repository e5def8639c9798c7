package io.ecssteward.testing;

import java.time.Duration;

/** Holds calls back until a test opens it; they are answered then. Closing opens it. */
public final class Gate implements AutoCloseable {
    private int arrived;
    private boolean open;

    Gate() {}

    /** Waits until this many calls have come to the gate, held or let through. */
    public synchronized void awaitArrivals(int calls, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (arrived < calls) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(arrived + " of " + calls + " calls came to the gate within " + timeout);
            }
            wait(left);
        }
    }

    /** Lets the calls go on, those that are still to come too. */
    public synchronized void open() {
        open = true;
        notifyAll();
    }

    @Override
    public void close() {
        open();
    }

    synchronized void pass() throws InterruptedException {
        arrived++;
        notifyAll();
        while (!open) {
            wait();
        }
    }
}
