package io.ecssteward.incident;

import java.util.concurrent.CompletionStage;

/** What an incident needs to know of Slack beside what is posted. */
public interface IncidentChat {

    /** Whether messages in this channel can be edited and replied to: with a bot token they can, by a webhook not. */
    boolean edits(String channel);

    /**
     * Looks for a message, or a reply, by the metadata that it carries: whoever posted it died before that was noted.
     *
     * @param incident with the attempt to look for
     * @return the message, or null when there is none; failed with a
     *     {@link io.ecssteward.failure.PermanentFailureException} when the token may not look, and with a
     *     {@link io.ecssteward.failure.TransientFailureException} when Slack does not say
     */
    CompletionStage<Step.Posted> find(Incident incident);
}
