package io.ecssteward.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** A standard queue of SQS: visibility timeouts, receive counts, delays. For one thread. */
final class FakeQueue {

    /** A message: its body is made when it is asked for, so that a hundred thousand cost little. */
    static final class Message {
        final int number;
        final Mix.Kind kind;
        final int key;
        /** What the steward itself sent; null when it is of the mix. */
        final String body;

        final long sent;
        int receives;
        private long hiddenUntil;
        private boolean deleted;

        Message(int number, Mix.Kind kind, int key, String body, long sent) {
            this.number = number;
            this.kind = kind;
            this.key = key;
            this.body = body;
            this.sent = sent;
        }
    }

    private record Hidden(long until, Message message) {}

    private final ArrayDeque<Message> visible = new ArrayDeque<>();
    private final PriorityQueue<Hidden> hidden = new PriorityQueue<>(Comparator.comparingLong(Hidden::until));
    private final Map<Integer, Message> inFlight = new HashMap<>();

    void send(Message message, long delayNanos, long now) {
        if (delayNanos > 0) {
            hide(message, now + delayNanos);
        } else {
            visible.add(message);
        }
    }

    private void hide(Message message, long until) {
        message.hiddenUntil = until;
        hidden.add(new Hidden(until, message));
    }

    /** Up to so many messages, hidden from now on. */
    List<Message> receive(int most, long visibilityNanos, long now) {
        reappear(now);
        List<Message> received = new ArrayList<>();
        while (received.size() < most && !visible.isEmpty()) {
            Message message = visible.remove();
            message.receives++;
            inFlight.put(message.number, message);
            hide(message, now + visibilityNanos);
            received.add(message);
        }
        return received;
    }

    private void reappear(long now) {
        while (!hidden.isEmpty() && hidden.peek().until() - now <= 0) {
            Hidden entry = hidden.remove();
            if (!entry.message().deleted && entry.message().hiddenUntil == entry.until()) {
                inFlight.remove(entry.message().number);
                visible.add(entry.message());
            }
        }
    }

    /** The message, or null when it was deleted before or is visible again. */
    Message delete(int number) {
        Message message = inFlight.remove(number);
        if (message != null) {
            message.deleted = true;
        }
        return message;
    }

    void changeVisibility(int number, long visibilityNanos, long now) {
        Message message = inFlight.get(number);
        if (message != null) {
            hide(message, now + visibilityNanos);
        }
    }

    int waiting(long now) {
        reappear(now);
        return visible.size();
    }
}
