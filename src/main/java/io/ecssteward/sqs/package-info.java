/**
 * Reading and writing queues.
 *
 * <ul>
 *   <li>Receiving: {@link io.ecssteward.sqs.BatchingSqsClient} is the client that Camel's consumer uses;
 *       {@code IdlePolls} bounds its polls of an empty queue, and {@code DeleteBatches} deletes ten at a time.
 *       {@link io.ecssteward.sqs.MessageDecoder} makes events of what comes, and ignores those that no route wants.
 *   <li>Failing: {@link io.ecssteward.sqs.Redelivery} decides when a failed message comes again, and
 *       {@link io.ecssteward.sqs.MostRetryableFailure} which failure counts where a message has several events.
 *   <li>Writing: {@link io.ecssteward.sqs.FollowUps} sends follow-ups to ourselves, and
 *       {@link io.ecssteward.sqs.AlertQueue} takes alerts through a FIFO queue that several replicas share.
 *   <li>Health: {@link io.ecssteward.sqs.QueueHealth} and {@link io.ecssteward.sqs.HeartbeatMonitor}.
 * </ul>
 */
package io.ecssteward.sqs;
