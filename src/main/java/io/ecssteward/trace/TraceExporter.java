package io.ecssteward.trace;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.LoggerFactory;

/**
 * Exports spans by OTLP over HTTP, configured by OpenTelemetry's standard variables:
 * {@code OTEL_EXPORTER_OTLP_ENDPOINT}, {@code OTEL_EXPORTER_OTLP_HEADERS}, {@code OTEL_TRACES_SAMPLER},
 * {@code OTEL_RESOURCE_ATTRIBUTES}... Camel starts it, and stops it after the last event; it then sends the remaining
 * spans.
 *
 * @see <a href="https://opentelemetry.io/docs/languages/java/configuration/">The variables</a>
 */
public final class TraceExporter extends ServiceSupport {

    /** Without these, the SDK would use gRPC, and also export metrics and log lines. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "ecs-steward",
            "otel.traces.exporter", "otlp",
            "otel.exporter.otlp.protocol", "http/protobuf");

    private static final Map<String, String> ALWAYS =
            Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

    /** A container has 30 seconds to stop, of which exchanges in flight get 25. */
    private static final int MAX_SECONDS_TO_END = 3;

    /** Kept in a field, because java.util.logging drops unreferenced loggers together with their handlers. */
    private static final Logger SDK_LOG = Logger.getLogger("io.opentelemetry");

    private final OpenTelemetrySdk sdk;

    private TraceExporter(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    /**
     * Traces the context, and exports the spans.
     *
     * @param settings OpenTelemetry's own settings, by property: {@code otel.exporter.otlp.endpoint}
     * @throws IllegalArgumentException if OpenTelemetry rejects them, with its message
     */
    public static void open(CamelContext camel, Map<String, String> settings) throws Exception {
        logBySlf4j();
        Map<String, String> all = new TreeMap<>(DEFAULTS);
        all.putAll(settings);
        all.putAll(ALWAYS);
        try {
            OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesCustomizer(config -> all)
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
            camel.addService(new TraceExporter(sdk), true, true);
            new RouteTracing(sdk).follow(camel);
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("OpenTelemetry cannot be set up: " + e.getMessage(), e);
        }
    }

    @Override
    protected void doStop() {
        sdk.getSdkTracerProvider().shutdown().join(MAX_SECONDS_TO_END, TimeUnit.SECONDS);
    }

    /** Redirects java.util.logging, which the SDK uses: it would write lines in another format. */
    private static synchronized void logBySlf4j() {
        if (SDK_LOG.getUseParentHandlers()) {
            SDK_LOG.setUseParentHandlers(false);
            SDK_LOG.addHandler(new ToSlf4j());
        }
    }

    private static final class ToSlf4j extends Handler {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            String name = entry.getLoggerName() == null ? SDK_LOG.getName() : entry.getLoggerName();
            org.slf4j.event.Level level = entry.getLevel().intValue() >= Level.SEVERE.intValue()
                    ? org.slf4j.event.Level.ERROR
                    : entry.getLevel().intValue() >= Level.WARNING.intValue()
                            ? org.slf4j.event.Level.WARN
                            : org.slf4j.event.Level.DEBUG;
            // Without the stack trace, which only shows an HTTP client without an answer.
            String cause = entry.getThrown() == null ? "" : ": " + entry.getThrown();
            LoggerFactory.getLogger(name).atLevel(level).log("{}{}", formatter.formatMessage(entry), cause);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
