package io.ecssteward.incident;

import java.util.concurrent.CompletionStage;

/** Reads from Slack what incidents need: the abilities of a channel, and messages by their metadata. */
public interface IncidentChat {

    /** Whether messages in this channel can be edited and replied to: possible with a bot token, not with a webhook. */
    boolean edits(String channel);

    /**
     * Searches Slack for a message or reply by its metadata, because a process may have died between posting it and
     * recording that.
     *
     * @param incident the incident with the attempt to search for
     * @return the message, or null when there is none; failed with a
     *     {@link io.ecssteward.failure.PermanentFailureException} when the token has no permission to read the channel,
     *     and with a {@link io.ecssteward.failure.TransientFailureException} when Slack does not answer
     */
    CompletionStage<Step.Posted> find(Incident incident);
}
