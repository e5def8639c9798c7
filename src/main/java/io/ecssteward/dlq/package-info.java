/**
 * The dead-letter queue, for the {@code dlq} commands: {@link io.ecssteward.dlq.DeadLetterQueue} lists, shows and
 * replays its messages.
 */
package io.ecssteward.dlq;
