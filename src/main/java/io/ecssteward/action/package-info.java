/**
 * What people do in Slack: a route at {@link io.ecssteward.action.SlackActionEndpoint slack-action:} acts on a button
 * or a command, and {@link io.ecssteward.action.SlackAnswerEndpoint slack-answer:} says what came of it.
 */
package io.ecssteward.action;
