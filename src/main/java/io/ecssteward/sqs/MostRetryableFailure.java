package io.ecssteward.sqs;

import io.ecssteward.failure.PermanentFailureException;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * The bean {@code most-retryable-failure}: of several results for one message, keeps the one that a retry can help
 * most. If one part failed temporarily and another permanently, the message is delivered again: the parts that
 * succeeded are then ignored as duplicates, and the permanent failure fails again.
 */
public class MostRetryableFailure implements AggregationStrategy {

    @Override
    public Exchange aggregate(Exchange before, Exchange now) {
        return before != null && rank(before) >= rank(now) ? before : now;
    }

    private static int rank(Exchange exchange) {
        if (exchange.getException() == null) {
            return 0;
        }
        return exchange.getException() instanceof PermanentFailureException ? 1 : 2;
    }
}
