package io.ecssteward.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/**
 * A message to be posted, and whom to tell when it was.
 *
 * @param target where to, as it was when it came: the webhook or the token may be another when its turn comes
 * @param lane what it waits in
 * @param alert the alert that it was made of; null when it was made of something else
 * @param payload the message when it is posted alone
 * @param thread what it is to be in; null for none
 */
record SlackPost(
        Exchange exchange,
        AsyncCallback callback,
        SlackTarget target,
        String lane,
        Alert alert,
        ObjectNode payload,
        InThread thread) {

    /** The same, as the first message of its thread whatever is known of it, or else as a reply. */
    SlackPost first(boolean anew) {
        return thread == null || thread.anew() == anew
                ? this
                : new SlackPost(exchange, callback, target, lane, alert, payload, new InThread(thread.name(), anew));
    }

    /** The same, as text alone. */
    SlackPost withoutLayout() {
        String mention = alert == null ? null : alert.mention();
        return new SlackPost(
                exchange, callback, target, lane, alert, SlackText.withoutLayout(payload, mention), thread);
    }

    /**
     * A thread.
     *
     * @param name what its alerts have in common
     * @param anew whether what is known of it leads nowhere
     */
    record InThread(String name, boolean anew) {}

    /**
     * One request to Slack.
     *
     * @param target where to, as it is now
     * @param payload the post's own, or a digest
     * @param alerts how many the digest speaks for; 0 when it is the post's own
     * @param reposts how often Slack put it off
     * @param reply whether it goes to the thread of an earlier message
     */
    record Attempt(SlackPost post, SlackTarget target, ObjectNode payload, int alerts, int reposts, boolean reply) {}
}
