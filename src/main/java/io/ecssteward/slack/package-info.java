/**
 * Posting to Slack. {@link io.ecssteward.slack.PacedSlackComponent} is the {@code slack:} component of the routes.
 *
 * <ul>
 *   <li>Content: {@code IncidentMessage} renders an incident, and {@code StoryDetail} a reply with details;
 *       {@link io.ecssteward.slack.SlackMessage} renders an alert, {@code Digest} several, {@code PayloadMentions}
 *       removes mentions from a payload in Slack's own format. {@link io.ecssteward.slack.ActionBlocks} adds buttons
 *       and menus, and {@code Mrkdwn} makes text from an event safe.
 *   <li>Destination: {@code SlackRequests} and {@code SlackTarget} choose the webhook or the Web API's method.
 *   <li>Pace: {@link io.ecssteward.slack.SlackPacer} keeps each channel in order and at one message a second, and
 *       decides which waiting alerts share a message.
 *   <li>Result: {@code SlackResponse} reads Slack's answers, and decides whether a retry helps; {@code SlackFailure}
 *       describes a missing one. After a crash {@code SlackChat} finds out whether a message was posted, by its
 *       {@code IncidentMark}.
 *   <li>Other: {@link io.ecssteward.slack.SlackPeople} answers one person, {@code SlackFiles} uploads.
 * </ul>
 *
 * <p>To retry on another of Slack's error codes, add it to the list in {@code SlackResponse}; to change how an alert
 * looks, change {@code SlackMessage}. Clicks and commands arrive through {@link io.ecssteward.socket} and are handled
 * in {@link io.ecssteward.interactivity}.
 */
package io.ecssteward.slack;
