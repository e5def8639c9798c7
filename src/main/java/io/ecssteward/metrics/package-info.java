/**
 * Metrics: {@link io.ecssteward.metrics.Metrics} counts each event and each call to the outside, and
 * {@link io.ecssteward.metrics.EmbeddedMetrics} writes the figures to stdout for CloudWatch. The labels are the words
 * of the log: those of {@link io.ecssteward.outcome.SkipReason} and of {@link io.ecssteward.event.Event#type}.
 */
package io.ecssteward.metrics;
