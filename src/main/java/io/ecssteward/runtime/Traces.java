package io.ecssteward.runtime;

import io.ecssteward.settings.Setting;
import io.ecssteward.trace.TraceExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/**
 * Decides by OpenTelemetry's variables whether traces are exported. Reads only these, so that OpenTelemetry's classes
 * are not loaded in vain.
 */
public final class Traces {

    private static final String PREFIX = "otel.";
    private static final String EXPORTER = "otel.traces.exporter";
    private static final List<String> PROTOCOLS =
            List.of("otel.exporter.otlp.protocol", "otel.exporter.otlp.traces.protocol");

    private Traces() {}

    /**
     * OpenTelemetry's environment variables as its properties; system properties take precedence:
     * {@code OTEL_TRACES_EXPORTER} is {@code otel.traces.exporter}.
     */
    public static Map<String, String> settings(Map<String, String> environment, Map<?, ?> properties) {
        Map<String, String> settings = new TreeMap<>();
        environment.forEach(
                (name, value) -> put(settings, name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
        properties.forEach((name, value) -> put(settings, name.toString(), value.toString()));
        return settings;
    }

    private static void put(Map<String, String> settings, String name, String value) {
        if (name.startsWith(PREFIX) && !value.isBlank()) {
            settings.put(name, value.strip());
        }
    }

    /** Whether these settings name a trace exporter or its endpoint. */
    static boolean wanted(Map<String, String> settings) {
        String exporter = settings.getOrDefault(EXPORTER, "");
        boolean named = !exporter.isEmpty()
                || settings.containsKey("otel.exporter.otlp.endpoint")
                || settings.containsKey("otel.exporter.otlp.traces.endpoint");
        return named && !exporter.equals("none") && !Boolean.parseBoolean(settings.get("otel.sdk.disabled"));
    }

    /** The settings that need something this jar lacks, each with what to set instead; empty if there are none. */
    public static List<String> problems(Map<String, String> settings) {
        List<String> problems = new ArrayList<>();
        if (wanted(settings)) {
            String exporter = settings.getOrDefault(EXPORTER, "otlp");
            if (!exporter.equals("otlp")) {
                problems.add(Setting.variable(EXPORTER) + " is '" + exporter + "'; set otlp, or none");
            }
            PROTOCOLS.stream()
                    .filter(name ->
                            !settings.getOrDefault(name, "http/protobuf").equals("http/protobuf"))
                    .forEach(name -> problems.add(Setting.variable(name) + " is '" + settings.get(name)
                            + "'; set http/protobuf, and an endpoint for it (port 4318, as a rule)"));
        }
        return problems;
    }

    /** Starts to export traces, if these settings enable it. */
    public static void open(Main main, Map<String, String> settings) {
        if (wanted(settings)) {
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeConfigure(BaseMainSupport support) {
                    try {
                        TraceExporter.open(support.getCamelContext(), settings);
                    } catch (Exception e) {
                        throw RuntimeCamelException.wrapRuntimeException(e);
                    }
                }
            });
        }
    }
}
