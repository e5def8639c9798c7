package io.ecssteward.slack;

import java.util.LinkedList;
import java.util.List;
import java.util.ListIterator;
import java.util.concurrent.ScheduledFuture;

/** The queue of one channel's exchanges, its lane. {@link SlackPacer} changes it, under its own lock. */
final class ChannelQueue {
    final LinkedList<QueuedPost> waiting = new LinkedList<>();
    /** The turn that has the lane; null for none. */
    QueuedPost owner;
    /** When the next post may begin, in nanoTime. */
    long notBefore;
    /** Exchanges rejected since the lane was last empty; each is retried after those before it. */
    long turnedAway;
    /**
     * Whether the pacer drained while this lane was in use: later messages must not overtake those that went back to
     * SQS.
     */
    boolean closed;
    /** The scheduled check of this lane; null for none. */
    ScheduledFuture<?> look;
    /** When that check will run, in nanoTime. */
    long lookAt;

    ChannelQueue(long now) {
        notBefore = now;
    }

    /** Adds a turn: at the end, or before those that are patient. */
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

    /** Whether no exchange holds the lane or waits for it. */
    boolean isIdle() {
        return owner == null && waiting.isEmpty();
    }

    /** Whether a post may begin now. */
    boolean isFree(long now) {
        return !closed && isIdle() && notBefore - now <= 0;
    }

    /** Roughly how many messages it takes to post everything that waits or was rejected. */
    long messages(int maxTogether) {
        long single = waiting.stream().filter(turn -> turn.shareable == null).count();
        long rest = waiting.size() - single + turnedAway;
        return single + (rest + maxTogether - 1) / maxTogether;
    }

    /** The turns right behind the first that can share its message, up to the first that cannot, to keep the order. */
    List<QueuedPost> sharing(QueuedPost first, int limit) {
        return waiting.stream()
                .filter(turn -> turn != first)
                .takeWhile(first::sharesWith)
                .limit(limit)
                .toList();
    }
}
