package io.ecssteward.outcome;

import org.apache.camel.Exchange;
import org.apache.camel.support.ExchangeHelper;

/** The bean {@code outcomes}: lets a route record why it skips an event. */
public class Outcomes {

    /**
     * Records that a route skips an event.
     *
     * @param exchange the event's exchange
     * @param reason a {@link SkipReason}'s word: {@code ignored}
     * @throws IllegalArgumentException if there is no such word
     */
    public void skip(Exchange exchange, String reason) {
        EventOutcome.of(exchange).skipped(SkipReason.of(reason), ExchangeHelper.getAtRouteId(exchange));
    }
}
