/**
 * The dead-letter queue as the {@code dlq} commands see it: {@link io.ecssteward.dlq.DeadLetterQueue} lists, shows and
 * replays its messages.
 */
package io.ecssteward.dlq;
