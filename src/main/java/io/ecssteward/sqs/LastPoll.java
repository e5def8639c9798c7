package io.ecssteward.sqs;

import java.time.Duration;

/**
 * The result of the last poll of a queue.
 *
 * @param at when it ended, in nanoTime
 * @param oldest how long the oldest message that it returned had been in the queue; zero if it returned none
 * @param failure null if SQS answered
 */
public record LastPoll(long at, Duration oldest, RuntimeException failure) {}
