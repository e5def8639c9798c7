package io.ecssteward.limits;

import java.time.Duration;

/**
 * SQS's limits.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html">SQS:
 *     message quotas</a>
 */
public final class SqsLimits {

    /** Messages per request. */
    public static final int BATCH = 10;

    /**
     * Bytes of a message, and of a batch. A queue that was created before SQS allowed 1 MiB still has this maximum
     * size.
     */
    public static final int BYTES = 256 * 1024;

    /** The longest delay of a message, in seconds. */
    public static final int DELAY_SECONDS = 900;

    /** How long a message can stay in flight after it was received. */
    public static final Duration VISIBILITY = Duration.ofHours(12);

    private SqsLimits() {}
}
