package io.ecssteward.slack;

import io.ecssteward.alert.Alert;

/** Is notified of each answer of Slack; for metrics. Bind one in the registry; it must be safe for many threads. */
public interface SlackListener {

    /**
     * A message, a reply or an edit was answered, or failed.
     *
     * @param method as Slack calls it: {@code chat.postMessage}, {@code chat.update}; or {@code webhook}
     * @param answer {@code posted}, {@code limited} (too many), {@code failed} (no answer, or Slack had a problem) or
     *     {@code refused} (it never will)
     */
    void answered(String method, String answer);

    /**
     * People see a new message or reply.
     *
     * @param alert what it is mainly about
     * @param state what it says of that: whether something fires, is over, or is just so
     * @param news whether it was not posted before
     */
    void posted(Alert alert, Alert.State state, boolean news);
}
