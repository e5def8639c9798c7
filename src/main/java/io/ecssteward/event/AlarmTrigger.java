package io.ecssteward.event;

import static io.ecssteward.event.AlarmMetric.first;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Describes what a CloudWatch alarm watches. SNS and EventBridge have different formats for it: names begin with a
 * capital letter or not, dimensions are a list or an object, and the threshold is in the trigger or in a JSON string.
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
 * <p>Log alarms have query results instead of datapoints, PromQL alarms have only their query, and an anomaly alarm has
 * a band instead of a threshold.
 *
 * @param payload the alarm
 * @param reasonData EventBridge's JSON string, parsed, or SNS's object; a missing node if there is none
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_LogAlarm.html">LogAlarm</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-promql.html">PromQL alarms</a>
 */
record AlarmTrigger(Payload payload, Payload reasonData) {

    /** An alarm has at most ten metrics and two hundred children; the text for people names only the first ones. */
    private static final int MAX_NAMED = 20;

    /** CloudWatch's sentence about a static threshold: the comparison and its number. */
    private static final Pattern THRESHOLD_IN_REASON =
            Pattern.compile("((?:greater|less) than(?: or equal to)?) the threshold \\(([^()]{1,100})\\)");

    private static final String PROMQL = "EvaluationCriteria.PromQLCriteria.Query";

    /** Where the query is, in SNS's spelling and in EventBridge's. */
    private static final List<String> QUERIES = List.of(
            "ScheduledQueryConfiguration.QueryString",
            "ScheduledQueryConfiguration.AggregationExpression",
            PROMQL,
            "scheduledQueryConfiguration.queryString",
            "scheduledQueryConfiguration.aggregationExpression",
            "evaluationCriteria.promQLCriteria.query");

    static AlarmTrigger of(Payload payload) {
        JsonNode data = payload.at("detail.state.reasonData");
        JsonNode given = data.isMissingNode() ? payload.at("NewStateReasonData") : data;
        return new AlarmTrigger(
                payload, Payload.of(given.isTextual() ? EventReader.parse(given.textValue()) : given, null));
    }

    /** The metric of an alarm on one metric; null if there is an expression, or nothing. */
    String metric() {
        return expressions().isEmpty() ? join("\n", metrics().stream().map(AlarmMetric::name)) : null;
    }

    /** "CPU Usage = 100*m1/m2" and its metrics, one per line; null if there is no expression. */
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

    /** "ClusterName: prod, ServiceName: web"; null if there are none. */
    String dimensions() {
        return join(", ", metrics().stream().flatMap(AlarmMetric::named).map(e -> e.getKey() + ": " + e.getValue()));
    }

    /** The value that all metrics with this dimension share; null if none has it, or their values differ. */
    String dimension(String name) {
        Set<String> values = new LinkedHashSet<>();
        metrics().stream()
                .flatMap(AlarmMetric::named)
                .filter(e -> e.getKey().equals(name))
                .forEach(e -> values.add(e.getValue()));
        return values.size() == 1 ? values.iterator().next() : null;
    }

    /** ">= 80 for 2 periods of 60 s", or as much of it as is known; null if there is neither a number nor a band. */
    String threshold() {
        String operator = operator();
        if (operator != null && operator.endsWith("band")) {
            return operator + bounds() + periods();
        }
        Matcher reason = THRESHOLD_IN_REASON.matcher(reason());
        String value = Stream.of(payload.at("Trigger.Threshold"), payload.at("Threshold"), reasonData.at("threshold"))
                .map(Numbers::exact)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> reason.find() ? Numbers.exact(EventReader.parse(reason.group(2))) : null);
        return value == null ? null : (operator == null ? "" : operator + " ") + value + periods();
    }

    /** The datapoints that changed the state, the latest last; null if the event has none. */
    String datapoints() {
        return join(", ", reasonData.list("recentDatapoints").stream().map(Numbers::measured));
    }

    /** The results of a log alarm's query, with its status if it did not complete; null for other alarms. */
    String queryResults() {
        return join(", ", reasonData.list("results").stream().map(result -> {
            String value = Numbers.measured(first(result, "value"));
            return value == null ? Notice.value(first(result, "status")) : value;
        }));
    }

    /** The query of a log alarm or a PromQL alarm, and how its rows are aggregated; null for other alarms. */
    String query() {
        Stream<String> texts = Stream.of("Trigger.", "", "detail.configuration.")
                .flatMap(at -> QUERIES.stream().map(path -> payload.firstText(at + path)));
        return join("\n", texts);
    }

    /** Whether it is a PromQL alarm; each time series of its query is a contributor. */
    boolean isPromQl() {
        return payload.firstText(
                        "Trigger." + PROMQL, PROMQL, "detail.configuration.evaluationCriteria.promQLCriteria.query")
                != null;
    }

    /** The accounts of the metrics, as far as the alarm names them; null if it names none. */
    String accounts() {
        return join(", ", metrics().stream().map(AlarmMetric::account));
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

    private List<AlarmMetric> metrics() {
        List<AlarmMetric> metrics = new ArrayList<>();
        JsonNode trigger = payload.at("Trigger");
        if (!first(trigger, "MetricName").isMissingNode()) {
            metrics.add(new AlarmMetric(
                    null,
                    null,
                    null,
                    null,
                    AlarmMetric.named(
                            trigger, first(trigger, "Statistic", "ExtendedStatistic"), first(trigger, "Period")),
                    first(trigger, "Dimensions")));
        }
        payload.list("Trigger.Metrics").forEach(m -> metrics.add(AlarmMetric.of(m)));
        payload.list("detail.configuration.metrics").forEach(m -> metrics.add(AlarmMetric.of(m)));
        return metrics;
    }

    private List<String> expressions() {
        return metrics().stream()
                .filter(m -> m.expression() != null)
                .map(m ->
                        (m.label() == null ? m.id() == null ? "" : m.id() + " = " : m.label() + " = ") + m.expression())
                .toList();
    }

    private String reason() {
        return Objects.requireNonNullElse(payload.firstText("NewStateReason", "detail.state.reason"), "");
    }

    private String operator() {
        String operator = payload.firstText("Trigger.ComparisonOperator", "ComparisonOperator");
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

    /**
     * EventBridge has the comparison operator only in the reason: "... was greater than or equal to the threshold
     * (80.0)".
     */
    private String operatorInReason() {
        String reason = reason();
        boolean lower = reason.contains(" the lower thresholds [");
        boolean upper = reason.contains(" the upper thresholds [");
        if (lower || upper) {
            return lower && upper ? "outside the band" : lower ? "below the band" : "above the band";
        }
        Matcher compared = THRESHOLD_IN_REASON.matcher(reason);
        if (!compared.find()) {
            return null;
        }
        return compared.group(1)
                .replace("greater than", ">")
                .replace("less than", "<")
                .replace(" or equal to", "=");
    }

    /** " from 0.0206 to 0.3007", the band at the latest datapoint; empty if the event has none. */
    private String bounds() {
        List<JsonNode> lower = reasonData.list("recentLowerThresholds");
        List<JsonNode> upper = reasonData.list("recentUpperThresholds");
        String from = lower.isEmpty() ? null : Numbers.measured(lower.get(lower.size() - 1));
        String to = upper.isEmpty() ? null : Numbers.measured(upper.get(upper.size() - 1));
        return (from == null ? "" : " from " + from) + (to == null ? "" : " to " + to);
    }

    private String periods() {
        Long results = reasonData.number("queryResultsToEvaluate");
        if (results != null) {
            return " for " + of(reasonData.number("queryResultsToAlarm"), results)
                    + (results == 1 ? " query result" : " query results");
        }
        Long periods = payload.number("Trigger.EvaluationPeriods");
        Long period = Stream.of(payload.number("Trigger.Period"), reasonData.number("period"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> payload.number("detail.configuration.metrics.0.period"));
        String length = period == null ? "" : " of " + period + " s";
        if (periods == null) {
            return period == null ? "" : " in periods" + length;
        }
        String count = of(payload.number("Trigger.DatapointsToAlarm"), periods);
        return " for " + count + (periods == 1 ? " period" : " periods") + length;
    }

    private static String of(Long some, Long all) {
        return some == null || some.equals(all) ? all.toString() : some + " of " + all;
    }

    static String join(String between, Stream<String> texts) {
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
