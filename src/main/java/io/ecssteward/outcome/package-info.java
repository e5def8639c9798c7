/**
 * The outcome of an event: {@link io.ecssteward.outcome.EventOutcome} holds the actions that were performed and those
 * that were skipped, with a {@link io.ecssteward.outcome.SkipReason}. Log, metrics and {@code replay} use the same
 * words.
 */
package io.ecssteward.outcome;
