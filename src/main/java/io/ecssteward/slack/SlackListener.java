package io.ecssteward.slack;

import io.ecssteward.alert.Alert;

/** Is notified of each of Slack's answers; for metrics. Bind one in the registry; it must be thread-safe. */
public interface SlackListener {

    /**
     * A message, a reply or an edit was answered, or failed.
     *
     * @param method as Slack calls it: {@code chat.postMessage}, {@code chat.update}; or {@code webhook}
     * @param answer {@code posted}, {@code limited} (rate-limited), {@code failed} (no answer, or an error on Slack's
     *     side) or {@code refused} (a retry will not help)
     */
    void answered(String method, String answer);

    /**
     * A new message or reply was posted.
     *
     * @param alert the alert that the message is mainly about
     * @param state the state that the message shows: firing, resolved, or an event without an end
     * @param news whether this news was not posted before
     */
    void posted(Alert alert, Alert.State state, boolean news);
}
