/**
 * The queue: {@link io.ecssteward.queue.Messages} makes events of what it delivers, and
 * {@link io.ecssteward.queue.Redelivery} says when it delivers again what failed.
 */
package io.ecssteward.queue;
