package io.ecssteward.sqs;

import io.ecssteward.dispatch.EventComponent;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.event.Payload;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.outcome.Trace;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.apache.camel.spi.Synchronization;

/** The bean {@code message-decoder}: reads the events in a message, and reports the outcome of each. */
public class MessageDecoder implements CamelContextAware {

    /** A message makes two to four exchanges of a few kilobytes each. */
    static final int MAX_IN_FLIGHT = 5_000;

    private final EventReader reader = new EventReader();
    private CamelContext camelContext;
    private LatestVersions versions;
    private EventComponent routes;
    private OutcomeReport report;
    private InFlight inFlight;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
        report = new OutcomeReport(camelContext);
    }

    /**
     * The events in the message that match any route. The others are ignored here, without a claim. A payload that
     * cannot be read is returned as well, so that {@link #read} refuses only that one.
     */
    public List<Object> open(Exchange exchange) {
        String id = exchange.getMessage().getHeader(Sqs2Constants.MESSAGE_ID, String.class);
        List<Object> wanted = new ArrayList<>();
        for (Payload payload : reader.open(exchange.getMessage().getBody(String.class), id)) {
            Event event;
            try {
                event = reader.read(payload);
            } catch (RuntimeException e) {
                wanted.add(payload);
                continue;
            }
            versions().record(event);
            if (routes().wants(event)) {
                wanted.add(event);
            } else {
                EventOutcome ignored = new EventOutcome(Trace.of(exchange));
                ignored.skipped(SkipReason.IGNORED, "");
                report.over(event, ignored, null);
            }
        }
        return wanted;
    }

    /** Whether any route matches a follow-up; if none does, it is not sent. */
    public boolean wanted(String message) {
        return reader.open(message, null).stream().map(reader::read).anyMatch(routes()::wants);
    }

    /**
     * Begins the outcome of the event in the body.
     *
     * @throws io.ecssteward.event.MalformedEventException if it lacks a field that its action needs
     */
    public void read(Exchange exchange) {
        EventOutcome eventOutcome = EventOutcome.begin(exchange);
        Object body = exchange.getMessage().getBody();
        Event event = body instanceof Payload payload ? reader.read(payload) : (Event) body;
        exchange.getMessage().setBody(event);
        exchange.getExchangeExtension().addOnCompletion(new Synchronization() {
            @Override
            public void onComplete(Exchange done) {
                report.over(event, eventOutcome, null);
            }

            @Override
            public void onFailure(Exchange failed) {
                report.over(event, eventOutcome, failed.getException());
            }
        });
    }

    /**
     * Whether fewer exchanges are in flight than the limit. From {@value #MAX_IN_FLIGHT} exchanges on, further ones
     * wait in the queue, so that memory is left for those that can make progress.
     */
    public boolean belowInFlightLimit() {
        if (inFlight == null) {
            InFlight bound = camelContext.getRegistry().findSingleByType(InFlight.class);
            inFlight = bound == null ? camelContext.getInflightRepository()::size : bound;
        }
        return inFlight.exchanges() < MAX_IN_FLIGHT;
    }

    // Looked up once, because looking it up for each event is slow.

    private EventComponent routes() {
        if (routes == null) {
            routes = camelContext.getComponent("event", EventComponent.class);
        }
        return routes;
    }

    private LatestVersions versions() {
        if (versions == null) {
            versions = camelContext.getRegistry().findSingleByType(LatestVersions.class);
        }
        return versions;
    }
}
