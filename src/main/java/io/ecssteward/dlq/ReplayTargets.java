package io.ecssteward.dlq;

import java.util.Collection;

/**
 * Decides to which queue a dead letter is sent back.
 *
 * @param deadLetters URL of the dead-letter queue
 * @param to URL of the queue that all letters go to, from {@code --to}; null when each goes back where it came from
 * @param events URL of the events queue, for letters that do not say where they came from; null when it is not known
 * @param known URLs of the queues that the settings name
 */
public record ReplayTargets(String deadLetters, String to, String events, Collection<String> known) {

    /** The queue's URL; null when there is a problem. */
    public String of(DeadLetter letter) {
        return problem(letter) != null ? null : to != null ? to : letter.source() != null ? letter.source() : events;
    }

    /** Why it cannot be sent back, with the remedy; null when it can. */
    public String problem(DeadLetter letter) {
        String queue = to != null ? to : letter.source() != null ? letter.source() : events;
        if (queue == null) {
            return "its source queue is unknown; set STEWARD_EVENTS_QUEUE_URL, or name the target: --to URL";
        }
        if (queue.equals(deadLetters)) {
            return "it came from this queue itself; name the target: --to URL";
        }
        // Anybody who may send to the dead-letter queue can write this attribute, and we send with the caller's
        // permissions.
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
