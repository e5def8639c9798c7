package io.ecssteward.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A scheduler whose time stands still until a test moves it; what is due then runs in the test's thread. */
public final class ManualScheduler extends AbstractExecutorService implements ScheduledExecutorService {
    private final List<Task<?>> tasks = new ArrayList<>();
    private long now;

    private final class Task<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
        final long due;

        Task(Callable<V> task, long due) {
            super(task);
            this.due = due;
        }

        @Override
        public boolean isPeriodic() {
            return false;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /** The time, instead of {@link System#nanoTime()}. */
    public synchronized long nanoTime() {
        return now;
    }

    /** How long until the next task is due; null when none is. */
    public synchronized Duration next() {
        return tasks.stream()
                .min(Comparator.naturalOrder())
                .map(task -> Duration.ofNanos(task.due - now))
                .orElse(null);
    }

    /** Moves the time and runs what is due by then, in order, each at its own time. */
    public void advance(Duration duration) {
        long until = nanoTime() + duration.toNanos();
        for (Task<?> task = takeDue(until); task != null; task = takeDue(until)) {
            task.run();
        }
        synchronized (this) {
            now = until;
        }
    }

    private synchronized Task<?> takeDue(long until) {
        Task<?> first = tasks.stream()
                .min(Comparator.naturalOrder())
                .filter(task -> task.due <= until)
                .orElse(null);
        if (first != null) {
            tasks.remove(first);
            now = Math.max(now, first.due);
        }
        return first;
    }

    @Override
    public synchronized <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        Task<V> task = new Task<>(callable, now + unit.toNanos(delay));
        tasks.add(task);
        return task;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    command.run();
                    return null;
                },
                delay,
                unit);
    }

    /** Not supported. */
    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    /** Not supported. */
    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable command) {
        command.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
