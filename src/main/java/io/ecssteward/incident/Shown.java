package io.ecssteward.incident;

import java.time.Instant;

/**
 * What Slack shows of an incident, as far as is known.
 *
 * @param channel Slack's id of the channel; null before there is a message, and with webhooks
 * @param ts the message, by Slack's word for it; null when there is none that can be edited
 * @param state the number of the incident's state that the message shows; 0 when none was ever shown
 * @param line the number of the last line of the story that was posted
 * @param edited when it was last edited or posted; null when never
 * @param attempt what is being posted right now, or was when a process died; null when nothing is
 */
public record Shown(String channel, String ts, int state, int line, Instant edited, Attempt attempt) {

    /** Nothing. */
    public static final Shown NOTHING = new Shown(null, null, 0, 0, null, null);

    /**
     * A step that was begun, noted before it is made. While one process makes it, no other makes any: an edit on its
     * way could otherwise arrive after a later one. A process that dies leaves this, and the next one looks for the
     * message instead of posting it again, or makes the edit anew.
     *
     * @param what what it is
     * @param number of the line of the story that it tells last, which Slack's metadata carries; of an edit, the state
     * @param by who makes it, a word that is unique to a process
     * @param until when another process may take it for abandoned
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
