/**
 * The dead-letter queue, for the {@code dlq} commands: {@link io.ecssteward.dlq.DeadLetterQueue} lists, shows and
 * replays its messages, and {@link io.ecssteward.dlq.Remedy} says what to do about one.
 */
package io.ecssteward.dlq;
