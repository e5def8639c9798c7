package io.ecssteward.log;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.event.Event;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.outcome.Trace;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * The fields of a log line about an event or an alert, for programs: {@code event_id}, {@code type}, {@code cluster},
 * {@code service}, {@code task}, {@code route}, {@code outcome} ({@code performed}, {@code skipped} or {@code failed})
 * and {@code reason} (the words of {@link SkipReason}); and, if traces are exported, {@code trace_id} and
 * {@code span_id}. Unknown fields are left out.
 */
public final class LogFields {
    private LogFields() {}

    /** Adds the fields of an event and its outcome; the failure may be null. */
    public static LoggingEventBuilder of(
            LoggingEventBuilder line, Event event, EventOutcome eventOutcome, Exception failure) {
        // A line that is not logged costs nothing.
        if (!(line instanceof NOPLoggingEventBuilder)) {
            add(line, "event_id", event.identity());
            add(line, "type", event.type());
            add(line, "cluster", event.cluster());
            add(line, "service", event.service());
            add(line, "task", event.task());
            eventOutcome(line, eventOutcome, failure);
        }
        return line;
    }

    /** Adds the fields of an alert that waited in its queue. */
    public static LoggingEventBuilder of(
            LoggingEventBuilder line, Alert alert, EventOutcome eventOutcome, Exception failure) {
        add(line, "event_id", alert.origin());
        add(line, "alert", alert.key());
        add(line, "state", EnumWord.of(alert.state()));
        add(line, "channel", alert.channel());
        eventOutcome(line, eventOutcome, failure);
        return line;
    }

    /** Adds the fields of an incident, and how many of its alerts fire. */
    public static LoggingEventBuilder ofIncident(
            LoggingEventBuilder line, String incident, String about, String status, String severity, int alerts) {
        add(line, "incident", incident);
        add(line, "about", about);
        add(line, "status", status);
        add(line, "severity", severity);
        return line.addKeyValue("alerts", alerts);
    }

    /** Adds the trace that an exchange is in, if it is in one. */
    public static LoggingEventBuilder of(LoggingEventBuilder line, Exchange exchange) {
        trace(line, Trace.of(exchange));
        return line;
    }

    private static void trace(LoggingEventBuilder line, Trace trace) {
        if (trace != null) {
            add(line, "trace_id", trace.traceId());
            add(line, "span_id", trace.spanId());
        }
    }

    private static void eventOutcome(LoggingEventBuilder line, EventOutcome eventOutcome, Exception failure) {
        add(line, "route", eventOutcome.route());
        add(line, "outcome", failure == null ? eventOutcome.outcome() : "failed");
        List<SkipReason> reasons = failure == null ? eventOutcome.reasons() : List.of();
        if (!reasons.isEmpty()) {
            add(line, "reason", reasons.stream().map(SkipReason::word).collect(Collectors.joining(",")));
        }
        trace(line, eventOutcome.trace());
    }

    private static void add(LoggingEventBuilder line, String name, String value) {
        if (value != null) {
            line.addKeyValue(name, value);
        }
    }
}
