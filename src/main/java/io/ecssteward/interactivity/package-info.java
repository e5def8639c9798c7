/**
 * Buttons and commands in Slack, which Slack calls interactivity. A route at
 * {@link io.ecssteward.interactivity.SlackActionEndpoint slack-action:} handles one, and
 * {@link io.ecssteward.interactivity.SlackAnswerEndpoint slack-answer:} says what came of it. {@code ActionGuard}
 * decides who may, {@link io.ecssteward.interactivity.SlackActions} has what the built-in ones do. What the steward
 * itself calls an action (a call to ECS or Slack) is {@link io.ecssteward.outcome.Action}.
 *
 * @see <a href="https://docs.slack.dev/interactivity/handling-user-interaction">Slack: handling user interaction</a>
 */
package io.ecssteward.interactivity;
