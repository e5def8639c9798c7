/**
 * Reading and writing queues: {@link io.ecssteward.sqs.BatchingSqsClient} is the client that Camel's consumer uses,
 * {@link io.ecssteward.sqs.MessageDecoder} opens what it receives, and {@link io.ecssteward.sqs.Redelivery} decides
 * when a failed message comes again.
 */
package io.ecssteward.sqs;
