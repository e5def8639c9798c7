/**
 * Metrics: {@link io.ecssteward.metrics.Metrics} counts each event and each external call, and
 * {@link io.ecssteward.metrics.EmbeddedMetrics} writes the figures to stdout for CloudWatch. The labels are the same
 * words as in the log: those of {@link io.ecssteward.outcome.SkipReason} and of {@link io.ecssteward.event.Event#type}.
 */
package io.ecssteward.metrics;
