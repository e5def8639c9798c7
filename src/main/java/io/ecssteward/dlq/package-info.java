/**
 * The dead-letter queue, for the {@code dlq} commands: {@link io.ecssteward.dlq.DeadLetterQueue} receives its messages
 * and sends them back, and {@link io.ecssteward.dlq.Remedy} suggests how to fix one.
 */
package io.ecssteward.dlq;
