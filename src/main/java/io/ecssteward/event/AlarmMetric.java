package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A metric or an expression that an alarm watches, in SNS's or EventBridge's format: {@link AlarmTrigger} shows both.
 *
 * @param id its id in expressions; null if it has none
 * @param expression null for a metric
 * @param name namespace, metric, statistic and period in words; null for an expression
 * @param account the account that the metric comes from; null if it is the alarm's own
 * @param dimensions as a list or an object
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html">
 *     MetricDataQuery</a>
 */
record AlarmMetric(String id, String expression, String label, String account, String name, JsonNode dimensions) {

    static AlarmMetric of(JsonNode json) {
        JsonNode stat = first(json, "MetricStat", "metricStat");
        JsonNode metric = first(stat, "Metric", "metric");
        return new AlarmMetric(
                Notice.value(first(json, "Id", "id")),
                Notice.value(first(json, "Expression", "expression")),
                Notice.value(first(json, "Label", "label")),
                Notice.value(first(json, "AccountId", "accountId")),
                named(metric, first(stat, "Stat", "stat"), first(stat, "Period", "period")),
                first(metric, "Dimensions", "dimensions"));
    }

    /** "AWS/ECS CPUUtilization, Average over 60 s"; null if the metric has no name. */
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

    /** Its dimensions with their values. */
    Stream<Map.Entry<String, String>> named() {
        return entries(dimensions);
    }

    /** Reads names and values from an object, or from a list of objects with a name and a value. */
    static Stream<Map.Entry<String, String>> entries(JsonNode json) {
        if (json.isObject()) {
            return json.properties().stream()
                    .filter(e -> Notice.value(e.getValue()) != null)
                    .map(e -> Map.entry(e.getKey(), Notice.value(e.getValue())));
        }
        List<Map.Entry<String, String>> named = new ArrayList<>();
        for (JsonNode each : json) {
            String name = Notice.value(first(each, "name", "Name"));
            String value = Notice.value(first(each, "value", "Value"));
            if (name != null && value != null) {
                named.add(Map.entry(name, value));
            }
        }
        return named.stream();
    }

    /**
     * Converts SNS's upper case (AVERAGE, SAMPLE_COUNT) to what the console and EventBridge use: Average, SampleCount.
     */
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

    static JsonNode first(JsonNode node, String... names) {
        return Stream.of(names)
                .map(node::path)
                .filter(n -> !n.isMissingNode() && !n.isNull())
                .findFirst()
                .orElse(MissingNode.getInstance());
    }
}
