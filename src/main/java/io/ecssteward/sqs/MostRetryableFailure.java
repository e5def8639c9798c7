package io.ecssteward.sqs;

import io.ecssteward.failure.PermanentFailureException;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * The bean {@code worst-failure}: where several things are done with one message, its outcome is that of the one that
 * may still succeed. If one failed for now and another for good, the message is delivered again; what is done by then
 * is known, and what failed for good fails again.
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
