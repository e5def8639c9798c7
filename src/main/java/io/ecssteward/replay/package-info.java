/**
 * Runs events through the real routes without AWS and Slack: {@link io.ecssteward.replay.ReplaySession} is the entry
 * point of {@code replay}, {@code explain}, {@code test}, {@code simulate} and {@code diff}.
 */
package io.ecssteward.replay;
