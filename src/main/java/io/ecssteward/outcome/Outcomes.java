package io.ecssteward.outcome;

import org.apache.camel.Exchange;
import org.apache.camel.support.ExchangeHelper;

/** The bean {@code outcomes}: lets a route name why it does nothing. */
public class Outcomes {

    /**
     * Remembers that a route decided against doing anything.
     *
     * @param exchange the event's exchange
     * @param reason a {@link SkipReason}'s word: {@code ignored}
     * @throws IllegalArgumentException when there is no such word
     */
    public void skip(Exchange exchange, String reason) {
        EventOutcome.of(exchange).skipped(SkipReason.of(reason), ExchangeHelper.getAtRouteId(exchange));
    }
}
