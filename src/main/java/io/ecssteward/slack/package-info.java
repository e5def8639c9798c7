/**
 * Posting to Slack. {@link io.ecssteward.slack.PacedSlackComponent} is what {@code slack:} means in a route.
 *
 * <ul>
 *   <li>What a message says: {@code IncidentMessage} words an incident, and {@code StoryDetail} a reply with details;
 *       {@link io.ecssteward.slack.SlackMessage} words an alert, {@code Digest} several, {@code PayloadMentions} passes
 *       on what somebody else wrote. {@link io.ecssteward.slack.ActionBlocks} adds buttons and menus, and
 *       {@code Mrkdwn} makes text from an event safe.
 *   <li>Where it goes: {@code SlackRequests} and {@code SlackTarget} choose the webhook or the Web API's method.
 *   <li>When: {@link io.ecssteward.slack.SlackPacer} keeps each channel to one message a second and in order, and says
 *       which waiting messages go together.
 *   <li>What came of it: {@code SlackResponse} reads Slack's answers, and says whether a retry helps;
 *       {@code SlackFailure} words a missing one. After a crash {@code SlackChat} looks whether a message was posted,
 *       by its {@code IncidentMark}.
 *   <li>Beside messages: {@link io.ecssteward.slack.SlackPeople} answers one person, {@code SlackFiles} uploads.
 * </ul>
 *
 * <p>To retry on another of Slack's error codes, add it to the list in {@code SlackResponse}; to show something else of
 * an alert, change {@code SlackMessage}. Buttons and commands that people use come in by {@link io.ecssteward.socket}
 * and are handled in {@code interactivity}.
 */
package io.ecssteward.slack;
