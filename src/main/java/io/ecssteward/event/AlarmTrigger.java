package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a CloudWatch alarm watches, in words. SNS and EventBridge tell the same in two shapes: names that begin with a
 * capital or not, dimensions as a list or an object, and the threshold in the trigger or in a JSON string.
 *
 * <pre>
 * SNS, metric:  {"Trigger": {"MetricName": "CPUUtilization", "Namespace": "AWS/ECS", "Statistic": "AVERAGE",
 *                "Dimensions": [{"name": "ClusterName", "value": "prod"}], "Period": 60, "EvaluationPeriods": 2,
 *                "ComparisonOperator": "GreaterThanOrEqualToThreshold", "Threshold": 80.0}}
 * SNS, math:    {"Trigger": {..., "Metrics": [{"Id": "e1", "Expression": "m1/m2", "Label": "Errors"}, {"Id": "m1",
 *                "MetricStat": {"Metric": {"MetricName": "...", "Namespace": "...", "Dimensions": [...]},
 *                "Period": 60, "Stat": "Sum"}}]}}
 * EventBridge:  {"detail": {"configuration": {"metrics": [{"id": "m1", "metricStat": {"metric": {"name": "...",
 *                "namespace": "...", "dimensions": {"ClusterName": "prod"}}, "period": 60, "stat": "Average"}}]},
 *                "state": {"reasonData": "{\"threshold\": 80.0, \"period\": 60, \"recentDatapoints\": [93.5]}"}}}
 * </pre>
 *
 * @param payload the alarm
 * @param reasonData EventBridge's JSON string, parsed; a missing node when there is none
 */
record AlarmTrigger(Payload payload, Payload reasonData) {

    /** An alarm has at most ten metrics and two hundred children; a text for people names the first few. */
    private static final int MAX_NAMED = 20;

    static AlarmTrigger of(Payload payload) {
        JsonNode reasonData = payload.at("detail.state.reasonData");
        String text = reasonData.textValue();
        JsonNode parsed = text == null ? MissingNode.getInstance() : EventReader.parse(text);
        return new AlarmTrigger(payload, Payload.of(parsed, null));
    }

    /** A metric or an expression, of either shape. */
    private record Metric(String id, String expression, String label, String name, JsonNode dimensions) {

        static Metric of(JsonNode json) {
            JsonNode stat = first(json, "MetricStat", "metricStat");
            JsonNode metric = first(stat, "Metric", "metric");
            return new Metric(
                    Notice.value(first(json, "Id", "id")),
                    Notice.value(first(json, "Expression", "expression")),
                    Notice.value(first(json, "Label", "label")),
                    named(metric, first(stat, "Stat", "stat"), first(stat, "Period", "period")),
                    first(metric, "Dimensions", "dimensions"));
        }

        /** "AWS/ECS CPUUtilization, Average over 60 s"; null when the metric has no name. */
        static String named(JsonNode metric, JsonNode stat, JsonNode period) {
            String name = Notice.value(first(metric, "MetricName", "name"));
            if (name == null) {
                return null;
            }
            String namespace = Notice.value(first(metric, "Namespace", "namespace"));
            String over = Notice.value(period) == null ? "" : " over " + Notice.value(period) + " s";
            String how = Notice.value(stat) == null ? over : ", " + statistic(Notice.value(stat)) + over;
            return (namespace == null ? "" : namespace + " ") + name + how;
        }

        Stream<Map.Entry<String, String>> named() {
            if (dimensions.isObject()) {
                return dimensions.properties().stream()
                        .filter(e -> Notice.value(e.getValue()) != null)
                        .map(e -> Map.entry(e.getKey(), Notice.value(e.getValue())));
            }
            List<Map.Entry<String, String>> named = new ArrayList<>();
            for (JsonNode each : dimensions) {
                String name = Notice.value(first(each, "name", "Name"));
                String value = Notice.value(first(each, "value", "Value"));
                if (name != null && value != null) {
                    named.add(Map.entry(name, value));
                }
            }
            return named.stream();
        }
    }

    /** The metric of an alarm on one metric; null when there is an expression, or nothing. */
    String metric() {
        return expressions().isEmpty() ? join("\n", metrics().stream().map(Metric::name)) : null;
    }

    /** "CPU Usage = 100*m1/m2" and the metrics behind it, one a line; null when there is no expression. */
    String expression() {
        List<String> expressions = expressions();
        if (expressions.isEmpty()) {
            return null;
        }
        Stream<String> behind = metrics().stream()
                .filter(m -> m.name() != null)
                .map(m -> m.id() == null ? m.name() : m.id() + ": " + m.name());
        return join("\n", Stream.concat(expressions.stream(), behind));
    }

    /** "ClusterName: prod, ServiceName: web"; null when there are none. */
    String dimensions() {
        return join(", ", metrics().stream().flatMap(Metric::named).map(e -> e.getKey() + ": " + e.getValue()));
    }

    /** The one value that all metrics with this dimension have; null when none has it, or they differ. */
    String dimension(String name) {
        Set<String> values = new LinkedHashSet<>();
        metrics().stream()
                .flatMap(Metric::named)
                .filter(e -> e.getKey().equals(name))
                .forEach(e -> values.add(e.getValue()));
        return values.size() == 1 ? values.iterator().next() : null;
    }

    /** ">= 80 for 2 periods of 60 s", or as much of it as is known; null when no threshold is. */
    String threshold() {
        JsonNode threshold = payload.at("Trigger.Threshold");
        String value = number(threshold.isMissingNode() ? reasonData.at("threshold") : threshold);
        String operator = operator();
        if (value == null || operator != null && operator.endsWith("band")) {
            return operator == null ? null : (operator + periods());
        }
        return (operator == null ? "" : operator + " ") + value + periods();
    }

    /** The values that decided, the latest last; null when not told. */
    String datapoints() {
        return join(", ", reasonData.list("recentDatapoints").stream().map(AlarmTrigger::number));
    }

    /** The rule of a composite alarm; null for others. */
    String rule() {
        return payload.firstText("AlarmRule", "detail.configuration.alarmRule");
    }

    /** The names of the alarms that made a composite alarm change, with their states; null for others. */
    String children() {
        return join(
                ", ",
                Stream.concat(payload.list("TriggeringChildren").stream(), reasonData.list("triggeringAlarms").stream())
                        .map(child -> {
                            String name = AlarmStateChange.nameIn(Notice.value(first(child, "Arn", "arn")));
                            String state = Notice.value(first(first(child, "State", "state"), "Value", "value"));
                            return name == null || state == null ? name : name + " (" + state + ")";
                        }));
    }

    private List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        JsonNode trigger = payload.at("Trigger");
        if (!first(trigger, "MetricName").isMissingNode()) {
            metrics.add(new Metric(
                    null,
                    null,
                    null,
                    Metric.named(trigger, first(trigger, "Statistic", "ExtendedStatistic"), first(trigger, "Period")),
                    first(trigger, "Dimensions")));
        }
        payload.list("Trigger.Metrics").forEach(m -> metrics.add(Metric.of(m)));
        payload.list("detail.configuration.metrics").forEach(m -> metrics.add(Metric.of(m)));
        return metrics;
    }

    private List<String> expressions() {
        return metrics().stream()
                .filter(m -> m.expression() != null)
                .map(m ->
                        (m.label() == null ? m.id() == null ? "" : m.id() + " = " : m.label() + " = ") + m.expression())
                .toList();
    }

    private String operator() {
        String operator = payload.firstText("Trigger.ComparisonOperator");
        return switch (operator == null ? "" : operator) {
            case "GreaterThanOrEqualToThreshold" -> ">=";
            case "GreaterThanThreshold" -> ">";
            case "LessThanOrEqualToThreshold" -> "<=";
            case "LessThanThreshold" -> "<";
            case "LessThanLowerOrGreaterThanUpperThreshold" -> "outside the band";
            case "LessThanLowerThreshold" -> "below the band";
            case "GreaterThanUpperThreshold" -> "above the band";
            case "" -> operatorInReason();
            default -> operator;
        };
    }

    /** EventBridge tells the operator only in the sentence: "... was greater than or equal to the threshold (80.0)". */
    private String operatorInReason() {
        String reason = payload.firstText("detail.state.reason", "NewStateReason");
        if (reason == null || !reason.contains(" the threshold (")) {
            return null;
        }
        String equal = reason.contains("than or equal to the threshold") ? "=" : "";
        return reason.contains("greater than ") ? ">" + equal : reason.contains("less than ") ? "<" + equal : null;
    }

    private String periods() {
        Long periods = payload.number("Trigger.EvaluationPeriods");
        Long atLeast = payload.number("Trigger.DatapointsToAlarm");
        Long period = payload.number("Trigger.Period") == null
                ? reasonData.number("period")
                : payload.number("Trigger.Period");
        String length = period == null ? "" : " of " + period + " s";
        if (periods == null) {
            return period == null ? "" : " in periods" + length;
        }
        String count = atLeast == null || atLeast.equals(periods) ? periods.toString() : atLeast + " of " + periods;
        return " for " + count + (periods == 1 ? " period" : " periods") + length;
    }

    /** SNS shouts (AVERAGE, SAMPLE_COUNT) what the console and EventBridge write as Average and SampleCount. */
    private static String statistic(String name) {
        return switch (name) {
            case "AVERAGE" -> "Average";
            case "SUM" -> "Sum";
            case "MINIMUM" -> "Minimum";
            case "MAXIMUM" -> "Maximum";
            case "SAMPLE_COUNT" -> "SampleCount";
            default -> name;
        };
    }

    /** 80.0 as "80"; anything that is no finite number as it is. */
    private static String number(JsonNode node) {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            return Notice.value(node);
        }
        BigDecimal value = BigDecimal.valueOf(node.doubleValue()).stripTrailingZeros();
        // 1E+300 has no plain form that anybody could read.
        return Math.abs(value.precision() - value.scale()) > 20 ? value.toString() : value.toPlainString();
    }

    private static JsonNode first(JsonNode node, String... names) {
        return Stream.of(names)
                .map(node::path)
                .filter(n -> !n.isMissingNode() && !n.isNull())
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static String join(String between, Stream<String> texts) {
        List<String> all = texts.filter(Objects::nonNull).distinct().toList();
        if (all.isEmpty()) {
            return null;
        }
        int more = all.size() - MAX_NAMED;
        return more <= 0
                ? String.join(between, all)
                : String.join(between, all.subList(0, MAX_NAMED)) + between + "and " + more + " more";
    }
}
