/**
 * Telling Slack. {@link io.ecssteward.slack.PacedSlackComponent} is what {@code slack:} means in a route:
 * {@link io.ecssteward.slack.SlackMessage} words an alert as Slack's JSON and {@code Digest} several of them,
 * {@link io.ecssteward.slack.SlackPacer} keeps each channel to one message a second and in order, and says which of
 * those that wait go together, and {@code SlackAnswer} knows what Slack's answers mean.
 *
 * <p>To read another of Slack's error words as worth a retry, add it to the list in {@code SlackAnswer}; to show
 * something else of an alert, change {@code SlackMessage}.
 */
package io.ecssteward.slack;
