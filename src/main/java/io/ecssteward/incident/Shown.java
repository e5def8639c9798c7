package io.ecssteward.incident;

import java.time.Instant;

/**
 * Steward's record of what Slack shows of an incident.
 *
 * @param channel Slack's id of the channel; null before there is a message, and with webhooks
 * @param ts the message's timestamp, which is its id in Slack; null when there is no message that can be edited
 * @param state the number of the incident's state that the message shows; 0 when none was ever shown
 * @param line the number of the last line of the story that was posted
 * @param edited when it was last edited or posted; null when never
 * @param attempt the step in progress, or the one that was in progress when a process died; null for none
 */
public record Shown(String channel, String ts, int state, int line, Instant edited, Attempt attempt) {

    /** Nothing. */
    public static final Shown NOTHING = new Shown(null, null, 0, 0, null, null);

    /**
     * A step in progress, recorded before it is made. While one process makes it, no other process makes any: an edit
     * in flight could otherwise arrive after a later one. If a process dies, this record stays, and the next process
     * searches Slack for the message instead of posting it again, or repeats the edit.
     *
     * @param what the kind of step
     * @param number the number of its last story line, which is in the message's Slack metadata; for an edit, the state
     * @param by the unique id of the process that makes it
     * @param until when another process may consider it abandoned
     */
    public record Attempt(What what, int number, String by, Instant until) {

        /** Kinds of steps. */
        public enum What {
            MESSAGE,
            EDIT,
            REPLY
        }

        /** Whether it is a reply in the thread. */
        public boolean reply() {
            return what == What.REPLY;
        }
    }
}
