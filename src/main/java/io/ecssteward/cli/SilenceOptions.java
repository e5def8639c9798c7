package io.ecssteward.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.AlertJson;
import java.util.List;
import picocli.CommandLine;

/** The options that say which alerts to silence. */
final class SilenceOptions {
    @CommandLine.Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Alerts of this cluster. * is a wildcard: 'dev-*'.")
    private List<String> clusters = List.of();

    @CommandLine.Option(
            names = "--service",
            paramLabel = "NAME",
            description = "Alerts of this service: web, 'batch-*'.")
    private List<String> services = List.of();

    @CommandLine.Option(
            names = "--severity",
            paramLabel = "WORD",
            description = "Alerts of this severity: critical, error, warning or info.")
    private List<String> severities = List.of();

    @CommandLine.Option(
            names = "--alert",
            paramLabel = "NAME",
            description = "Alerts of this name, the last part of their keys: deployment, 'oom-*'.")
    private List<String> alerts = List.of();

    @CommandLine.Option(
            names = "--pattern",
            paramLabel = "JSON",
            description = "Alerts that match an event pattern, instead of the other options.")
    private String pattern;

    ObjectNode pattern() {
        ObjectNode json = AlertJson.MAPPER.createObjectNode();
        put(json, "cluster", clusters);
        put(json, "service", services);
        put(json, "severity", severities);
        put(json, "alert", alerts);
        if (json.isEmpty() == (pattern == null)) {
            throw new IllegalArgumentException(
                    pattern == null
                            ? "say what to silence: --cluster, --service, --severity, --alert or --pattern"
                            : "--pattern excludes the other options; move them into the pattern, or omit it");
        }
        if (pattern == null) {
            return json;
        }
        try {
            if (AlertJson.MAPPER.readTree(pattern) instanceof ObjectNode written) {
                return written;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("--pattern is not JSON: " + e.getOriginalMessage());
        }
        throw new IllegalArgumentException("--pattern is not an event pattern; write {\"cluster\": [\"prod\"]}");
    }

    /** Several values of an option are alternatives. */
    private static void put(ObjectNode pattern, String name, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode any = pattern.putArray(name);
            values.forEach(value -> {
                if (value.contains("*")) {
                    any.addObject().put("wildcard", value);
                } else {
                    any.add(value);
                }
            });
        }
    }
}
