package io.ecssteward.slack;

import java.util.LinkedList;
import java.util.List;
import java.util.ListIterator;
import java.util.concurrent.ScheduledFuture;

/** The queue of one channel's exchanges. {@link SlackPacer} changes it, under its own lock. */
final class ChannelQueue {
    final LinkedList<QueuedPost> waiting = new LinkedList<>();
    /** The turn that has the lane; null for none. */
    QueuedPost owner;
    /** When the next post may begin, in nanoTime. */
    long notBefore;
    /** How many were rejected since the lane was empty; each is retried after those before it. */
    long turnedAway;
    /** Whether it drained while in use: later ones must not overtake those that went back to their queue. */
    boolean closed;
    /** The scheduler's next look here; null when there is none. */
    ScheduledFuture<?> look;
    /** When that will be, in nanoTime. */
    long lookAt;

    ChannelQueue(long now) {
        notBefore = now;
    }

    /** Queues up: behind the last, or before those that can wait. */
    void add(QueuedPost turn) {
        ListIterator<QueuedPost> place = waiting.listIterator(waiting.size());
        while (!turn.patient && place.hasPrevious()) {
            if (!place.previous().patient) {
                place.next();
                break;
            }
        }
        place.add(turn);
    }

    /** Whether nobody has it or waits for it. */
    boolean isIdle() {
        return owner == null && waiting.isEmpty();
    }

    /** Whether a post may begin at once. */
    boolean isFree(long now) {
        return !closed && isIdle() && notBefore - now <= 0;
    }

    /** About how many messages it takes until all that wait, or were sent away, are posted. */
    long messages(int maxTogether) {
        long single = waiting.stream().filter(turn -> turn.shareable == null).count();
        long rest = waiting.size() - single + turnedAway;
        return single + (rest + maxTogether - 1) / maxTogether;
    }

    /** Those right behind the first who can share its message, up to the one who cannot, to keep the order. */
    List<QueuedPost> sharing(QueuedPost first, int limit) {
        return waiting.stream()
                .filter(turn -> turn != first)
                .takeWhile(first::sharesWith)
                .limit(limit)
                .toList();
    }
}
