package io.ecssteward.sqs;

import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sqs.Sqs2HeaderFilterStrategy;

/**
 * The bean {@code drop-all-headers}: keeps SQS message attributes from becoming Camel headers. Whoever may send to the
 * queue could otherwise steer the routes, or name another message's receipt handle and have it deleted in place of
 * theirs.
 */
public class DropAllHeaders extends Sqs2HeaderFilterStrategy {

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }
}
