package io.ecssteward.sqs;

import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sqs.Sqs2HeaderFilterStrategy;

/**
 * The bean {@code drop-all-headers}: keeps SQS message attributes from becoming Camel headers. Otherwise a sender to
 * the queue could steer the routes, or set another message's receipt handle, so that the wrong message is deleted.
 */
public class DropAllHeaders extends Sqs2HeaderFilterStrategy {

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }
}
