package io.ecssteward.sqs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.Event;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import java.time.Clock;
import java.time.Instant;
import org.apache.camel.Exchange;

/** The bean {@code heartbeat-monitor}: remembers when the last heartbeat arrived. */
public class HeartbeatMonitor {

    private final Clock clock;
    private volatile Instant last;

    /** With the system clock. */
    public HeartbeatMonitor() {
        this(Clock.systemUTC());
    }

    /** With another clock. */
    public HeartbeatMonitor(Clock clock) {
        this.clock = clock;
    }

    /** Records that a heartbeat arrived. */
    public void record(Exchange exchange) {
        Event event = exchange.getMessage().getBody(Event.class);
        last = clock.instant();
        ObjectNode sent = JsonNodeFactory.instance.objectNode();
        if (event.time() != null) {
            sent.put("time", event.time().toString());
        }
        EventOutcome.of(exchange)
                .performed(new Action(
                        "steward", "heartbeat", event.time() == null ? "heard" : "of " + event.time(), sent, null));
    }

    /** When the last heartbeat arrived, by the local clock; null before the first. */
    public Instant last() {
        return last;
    }
}
