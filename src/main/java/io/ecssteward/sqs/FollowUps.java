package io.ecssteward.sqs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.time.Clocks;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;

/** The bean {@code follow-ups}: writes a follow-up, which SQS delivers back to Steward after a delay. */
public class FollowUps {

    /** The variable that holds the message to send. */
    private static final String FOLLOW_UP = "followUp";

    /**
     * Writes the message into the variable {@value #FOLLOW_UP}, and the delay into the header of camel-aws2-sqs.
     *
     * @param kind what to check; the pattern of the route that handles the follow-up has the same word
     * @param delay seconds until it is delivered
     */
    public void write(Exchange exchange, String kind, int delay) {
        Event event = exchange.getMessage().getBody(Event.class);
        write(
                exchange,
                kind,
                delay,
                FollowUp.message(kind, event, Clocks.of(exchange.getContext()).instant()));
    }

    /**
     * Writes a follow-up about a service instead of the event.
     *
     * @param serviceArn of the service
     * @param clusterArn of its cluster
     */
    public void write(Exchange exchange, String kind, int delay, String serviceArn, String clusterArn) {
        write(
                exchange,
                kind,
                delay,
                FollowUp.message(
                        kind,
                        serviceArn,
                        clusterArn,
                        Clocks.of(exchange.getContext()).instant()));
    }

    private static void write(Exchange exchange, String kind, int delay, String message) {
        EventOutcome.of(exchange)
                .performed(new Action(
                        "sqs",
                        "SendMessage",
                        "to check " + kind + " again in " + delay + " s",
                        JsonNodeFactory.instance.objectNode().put("kind", kind).put("DelaySeconds", delay),
                        null));
        exchange.setVariable(FOLLOW_UP, message);
        exchange.getMessage().setHeader(Sqs2Constants.DELAY_HEADER, delay);
    }
}
