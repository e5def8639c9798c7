/**
 * Reading and writing queues.
 *
 * <ul>
 *   <li>Receive: {@link io.ecssteward.sqs.BatchingSqsClient} is the client that Camel's consumer uses;
 *       {@code IdlePolls} bounds its polls of an empty queue, and {@code DeleteBatches} deletes ten at a time.
 *       {@link io.ecssteward.sqs.MessageDecoder} reads events from messages, and ignores those that match no route.
 *   <li>Retry: {@link io.ecssteward.sqs.Redelivery} decides when a failed message is delivered again, and
 *       {@link io.ecssteward.sqs.MostRetryableFailure} which failure counts if a message has several events.
 *   <li>Send: {@link io.ecssteward.sqs.FollowUps} writes follow-ups to Steward's own queue, and
 *       {@link io.ecssteward.sqs.AlertQueue} passes alerts through a FIFO queue that several replicas share.
 *   <li>Health: {@link io.ecssteward.sqs.QueueHealth} and {@link io.ecssteward.sqs.HeartbeatMonitor}.
 * </ul>
 */
package io.ecssteward.sqs;
