package io.ecssteward.outcome;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/**
 * A position in an OpenTelemetry trace. Exchanges have one only if traces are exported.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 */
public record Trace(String traceId, String spanId) {

    private static final String PROPERTY = "StewardTrace";

    private static final Pattern PARENT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-01");

    /** The current position of this exchange; null without a trace. */
    public static Trace of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, Trace.class);
    }

    /** Sets the position of an exchange in a trace; null for none. */
    public static void put(Exchange exchange, Trace trace) {
        exchange.setProperty(PROPERTY, trace);
    }

    /**
     * The value of {@code traceparent}, which makes this span the parent of spans at the other end of a queue.
     *
     * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context: traceparent</a>
     */
    public String parent() {
        return "00-" + traceId + "-" + spanId + "-01";
    }

    /** Parses a value of {@link #parent}; null if it is invalid. */
    public static Trace parse(String parent) {
        Matcher match = PARENT.matcher(parent == null ? "" : parent);
        return match.matches() ? new Trace(match.group(1), match.group(2)) : null;
    }
}
