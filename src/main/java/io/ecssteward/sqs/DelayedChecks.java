package io.ecssteward.sqs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import java.time.Clock;
import org.apache.camel.Exchange;

/** The bean {@code reminders}: writes the message that has us look again. */
public class DelayedChecks {

    /**
     * The message to send to our own queue.
     *
     * @param about what to look at, as {@code routes/intake.camel.yaml} names it
     * @param event the event in hand
     * @param delay seconds until it is delivered, for the log
     * @return JSON
     */
    public String write(Exchange exchange, String about, Event event, int delay) {
        EventOutcome.of(exchange)
                .performed(new Action(
                        "sqs",
                        "SendMessage",
                        "to look again at " + about + " in " + delay + " s",
                        JsonNodeFactory.instance.objectNode().put("kind", about).put("DelaySeconds", delay),
                        null));
        return FollowUp.message(about, event, clock(exchange).instant());
    }

    /** That of the registry where there is one: a simulation has a time of its own. */
    private static Clock clock(Exchange exchange) {
        Clock bound = exchange.getContext().getRegistry().findSingleByType(Clock.class);
        return bound == null ? Clock.systemUTC() : bound;
    }
}
