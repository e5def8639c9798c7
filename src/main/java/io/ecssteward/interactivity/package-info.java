/**
 * Buttons and commands in Slack, which Slack calls interactivity. A route at
 * {@link io.ecssteward.interactivity.SlackActionEndpoint slack-action:} handles one, and
 * {@link io.ecssteward.interactivity.SlackAnswerEndpoint slack-answer:} answers with the result. {@code ActionGuard}
 * checks permissions, and {@link io.ecssteward.interactivity.SlackActions} implements the built-in ones. Here, an
 * action is a click or a command; a call to ECS or Slack is an {@link io.ecssteward.outcome.Action}.
 *
 * @see <a href="https://docs.slack.dev/interactivity/handling-user-interaction">Slack: handling user interaction</a>
 */
package io.ecssteward.interactivity;
