package io.ecssteward.sqs;

import io.ecssteward.event.Event;
import io.ecssteward.event.Heartbeat;
import io.ecssteward.log.LogFields;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.OutcomeListener;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs one line for each event, and notifies the listeners of its outcome, such as the metrics. */
final class OutcomeReport {

    private static final Logger LOG = LoggerFactory.getLogger("io.ecssteward.events");

    private final CamelContext camelContext;
    private Set<OutcomeListener> listeners;
    private Boolean dryRun;

    OutcomeReport(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** Logs the outcome of an event that was handled, and notifies the listeners. */
    void over(Event event, EventOutcome eventOutcome, Exception failure) {
        String name = event.type() + subject(event);
        if (failure == null) {
            LogFields.of(LOG.atLevel(level(event)), event, eventOutcome, null).log("{}: {}", name, eventOutcome);
            if (dryRun()) {
                eventOutcome
                        .performed()
                        .forEach(e -> LOG.info("{}: would {} {} {}", name, e.sink(), e.operation(), e.request()));
            }
        } else {
            LogFields.of(LOG.atWarn(), event, eventOutcome, failure).log("{}: failed: {}", name, failure.getMessage());
        }
        listeners().forEach(listener -> listener.over(event, eventOutcome, failure));
    }

    /** Heartbeats are logged at DEBUG: a line a minute that says that all is well would drown the others. */
    private static Level level(Event event) {
        return event instanceof Heartbeat ? Level.DEBUG : Level.INFO;
    }

    // Neither changes while Steward runs, and looking them up for each event is slow.

    private boolean dryRun() {
        if (dryRun == null) {
            dryRun = "true".equals(camelContext.resolvePropertyPlaceholders("{{?steward.dry-run}}"));
        }
        return dryRun;
    }

    private Set<OutcomeListener> listeners() {
        if (listeners == null) {
            listeners = camelContext.getRegistry().findByType(OutcomeListener.class);
        }
        return listeners;
    }

    private static String subject(Event event) {
        String service = event.service() == null ? "" : "/" + event.service();
        return event.cluster() == null ? "" : " " + event.cluster() + service;
    }
}
