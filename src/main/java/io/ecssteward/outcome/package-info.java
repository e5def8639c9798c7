/**
 * The outcome of an event: {@link io.ecssteward.outcome.EventOutcome} holds what was performed and what was skipped,
 * with a {@link io.ecssteward.outcome.SkipReason}. Log, metrics and {@code replay} use the same words.
 */
package io.ecssteward.outcome;
