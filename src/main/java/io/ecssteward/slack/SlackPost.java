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
 * @param target where to post, as configured when the message was made: the webhook or the token may be rotated before
 *     its turn
 * @param lane the lane that it waits in
 * @param alert the alert that it shows, or that the incident is mainly about; null if it was made from something else
 * @param step the step of an incident; null if it belongs to none
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

    /** The same message as text alone. */
    SlackPost withoutLayout() {
        String mention = step != null ? IncidentMessage.mention(step) : alert == null ? null : alert.mention();
        boolean edit = step instanceof Step.Edit;
        ObjectNode plain = SlackText.withoutLayout(payload, mention, edit ? SlackLimits.EDITED_TEXT : SlackLimits.TEXT);
        if (edit) {
            // An edit keeps every property that it does not name.
            plain.putArray("blocks");
            plain.putArray("attachments");
        }
        return with(plain);
    }

    /** The same message without metadata. */
    SlackPost withoutMetadata() {
        return with(payload.deepCopy().without("metadata"));
    }

    private SlackPost with(ObjectNode changed) {
        return new SlackPost(exchange, callback, target, lane, alert, step, changed);
    }

    /**
     * What another's digest may include of it; null if it must be posted by itself. An incident that is resolved must:
     * a digest shows what fired.
     */
    SlackPacer.Shareable shareable(Object sender) {
        boolean shares = alert != null
                && (step == null
                        ? alert.slackPayload() == null
                        : step instanceof Step.NewMessage && step.incident().firing());
        return shares ? new SlackPacer.Shareable(alert, step, sender) : null;
    }

    /** Whether it only raises a count: posts about a beginning or an end go first. */
    boolean onlyCounts() {
        return step instanceof Step.Edit
                && step.incident().shown().state() >= step.incident().memory().lineState();
    }

    /**
     * One request to Slack.
     *
     * @param target where to post, as configured now
     * @param payload the post's own, or a digest
     * @param together how many alerts the digest has; 0 if the payload is not a digest
     * @param reposts how often it was posted again because of a 429
     */
    record Attempt(SlackPost post, SlackTarget target, ObjectNode payload, int together, int reposts) {}
}
