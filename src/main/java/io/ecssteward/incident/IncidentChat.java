package io.ecssteward.incident;

import java.util.concurrent.CompletionStage;

/** What incidents read from Slack. */
public interface IncidentChat {

    /** Whether messages in this channel can be edited and replied to: with a bot token they can, by a webhook not. */
    boolean edits(String channel);

    /**
     * Searches Slack for a message or reply by its metadata, because a process may have died between posting it and
     * recording that.
     *
     * @param incident with the attempt to look for
     * @return the message, or null when there is none; failed with a
     *     {@link io.ecssteward.failure.PermanentFailureException} when the token may not look, and with a
     *     {@link io.ecssteward.failure.TransientFailureException} when Slack does not say
     */
    CompletionStage<Step.Posted> find(Incident incident);
}
