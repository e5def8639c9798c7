package io.ecssteward.dlq;

import java.util.Collection;

/**
 * Decides to which queue a dead letter is sent back.
 *
 * @param deadLetters URL of the dead-letter queue
 * @param to URL of the queue that all letters go to, from {@code --to}; null to send each back to its source queue
 * @param events URL of the events queue, for letters without a source queue; null if unknown
 * @param known URLs of the queues that the settings name
 */
public record ReplayTargets(String deadLetters, String to, String events, Collection<String> known) {

    /** The queue's URL; null if there is a problem. */
    public String of(DeadLetter letter) {
        return problem(letter) != null ? null : to != null ? to : letter.source() != null ? letter.source() : events;
    }

    /** Why it cannot be sent back, with the fix; null if it can. */
    public String problem(DeadLetter letter) {
        String queue = to != null ? to : letter.source() != null ? letter.source() : events;
        if (queue == null) {
            return "its source queue is unknown; set STEWARD_EVENTS_QUEUE_URL, or name the target: --to URL";
        }
        if (queue.equals(deadLetters)) {
            return "it came from this queue itself; name the target: --to URL";
        }
        // Everyone who may send to the dead-letter queue can set this attribute, and messages are sent with the
        // caller's permissions.
        boolean trusted = to != null || known.contains(queue) || sameAccountQueue(queue);
        return trusted
                ? null
                : "it claims to come from " + queue
                        + ", which is neither in the settings nor in the same account and region; "
                        + "if that is right, confirm it: --to URL";
    }

    private boolean sameAccountQueue(String queue) {
        int name = deadLetters.lastIndexOf('/') + 1;
        return queue.startsWith(deadLetters.substring(0, name)) && queue.indexOf('/', name) < 0;
    }
}
