package io.ecssteward.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.incident.Step;
import io.ecssteward.limits.SlackLimits;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/**
 * A message to be posted or edited, with what to do afterwards.
 *
 * @param target where to, as it was when it came: the webhook or the token may be another when its turn comes
 * @param lane what it waits in
 * @param alert the alert that it was made of, or that the incident is mainly about; null when it was made of something
 *     else
 * @param step what it does for an incident; null when it is about none
 * @param payload the message when it is posted alone
 */
record SlackPost(
        Exchange exchange,
        AsyncCallback callback,
        SlackTarget target,
        String lane,
        Alert alert,
        Step step,
        ObjectNode payload) {

    /** The same, as text alone. */
    SlackPost withoutLayout() {
        String mention = step != null ? IncidentMessage.mention(step) : alert == null ? null : alert.mention();
        boolean edit = step instanceof Step.Edit;
        ObjectNode plain = SlackText.withoutLayout(payload, mention, edit ? SlackLimits.EDITED_TEXT : SlackLimits.TEXT);
        if (edit) {
            // What an edit does not name stays as it was.
            plain.putArray("blocks");
            plain.putArray("attachments");
        }
        return with(plain);
    }

    /** The same without metadata. */
    SlackPost withoutMetadata() {
        return with(payload.deepCopy().without("metadata"));
    }

    private SlackPost with(ObjectNode changed) {
        return new SlackPost(exchange, callback, target, lane, alert, step, changed);
    }

    /**
     * What it says, when others may say it; null when it must say it itself. An incident that is over must: a digest
     * shows what fired.
     */
    SlackPacer.Shareable shareable(Object sender) {
        boolean shares = alert != null
                && (step == null
                        ? alert.slackPayload() == null
                        : step instanceof Step.NewMessage && step.incident().firing());
        return shares ? new SlackPacer.Shareable(alert, step, sender) : null;
    }

    /** Whether it only makes a number larger: what begins or ends goes first. */
    boolean onlyCounts() {
        return step instanceof Step.Edit
                && step.incident().shown().state() >= step.incident().memory().lineState();
    }

    /**
     * One request to Slack.
     *
     * @param target where to, as it is now
     * @param payload the post's own, or a digest
     * @param together how many alerts the digest has; 0 if it is no digest
     * @param reposts how often Slack put it off
     */
    record Attempt(SlackPost post, SlackTarget target, ObjectNode payload, int together, int reposts) {}
}
