package io.ecssteward.details;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.Arn;
import io.ecssteward.event.Event;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;

/**
 * Draws the graph of an alarm's metrics over the last three hours, with its threshold. It is drawn from the alarm's
 * configuration, because a widget that refers to an alarm by its ARN is documented only for dashboards.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricWidgetImage.html">GetMetricWidgetImage</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html">What
 *     it draws</a>
 */
final class AlarmGraph implements Detail {

    private static final String ALARM = "alarm:";

    private final DetailClients clients;

    AlarmGraph(DetailClients clients) {
        this.clients = clients;
    }

    @Override
    public String name() {
        return "alarm-graph";
    }

    @Override
    public String permissions() {
        return "cloudwatch:DescribeAlarms and cloudwatch:GetMetricWidgetImage";
    }

    @Override
    public String setting() {
        return "STEWARD_DETAILS_GRAPHS";
    }

    @Override
    public Arn subject(Arn resource, Event event) {
        return resource != null
                        && resource.service().equals("cloudwatch")
                        && resource.resource().startsWith(ALARM)
                ? resource
                : null;
    }

    @Override
    public String noSubjectAnswer() {
        return "No alarm belongs to this incident, so there is no graph to show.";
    }

    @Override
    public DetailResult find(Arn alarm, String cluster) {
        CloudWatchClient cloudWatch = clients.metrics(alarm.region());
        String name = alarm.resource().substring(ALARM.length());
        DescribeAlarmsResponse found = cloudWatch.describeAlarms(
                r -> r.alarmNames(name).alarmTypes(AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM));
        List<String> arns = Stream.concat(
                        found.metricAlarms().stream().map(MetricAlarm::alarmArn),
                        found.compositeAlarms().stream().map(CompositeAlarm::alarmArn))
                .toList();
        if (arns.isEmpty()) {
            return DetailResult.unavailable("There is no graph: alarm " + name + " no longer exists.");
        }
        if (!arns.contains(alarm.text())) {
            return DetailResult.nothing(
                    "There is no graph: alarm " + name + " is one of account " + alarm.account() + ".");
        }
        if (found.metricAlarms().isEmpty()) {
            return DetailResult.nothing("There is no graph: " + name + " is a composite alarm.");
        }
        ArrayNode metrics = metrics(found.metricAlarms().get(0));
        if (metrics.isEmpty()) {
            return DetailResult.nothing("There is no graph: alarm " + name + " watches no metric.");
        }
        String widget = widget(found.metricAlarms().get(0), metrics).toString();
        return DetailResult.image(
                name + ", last 3 hours",
                cloudWatch
                        .getMetricWidgetImage(r -> r.metricWidget(widget))
                        .metricWidgetImage()
                        .asByteArray());
    }

    private static ObjectNode widget(MetricAlarm alarm, ArrayNode metrics) {
        ObjectNode widget = JsonNodeFactory.instance
                .objectNode()
                .put("width", 900)
                .put("height", 350)
                .put("start", "-PT3H")
                .put("title", alarm.alarmName());
        widget.set("metrics", metrics);
        if (alarm.threshold() != null) {
            widget.putObject("annotations")
                    .putArray("horizontal")
                    .addObject()
                    .put("label", "Threshold")
                    .put("value", alarm.threshold());
        }
        return widget;
    }

    /** The metrics that the alarm compares, and, hidden, those from which they are computed. */
    private static ArrayNode metrics(MetricAlarm alarm) {
        ArrayNode metrics = JsonNodeFactory.instance.arrayNode();
        if (alarm.metricName() != null) {
            String stat = alarm.statistic() == null ? alarm.extendedStatistic() : alarm.statisticAsString();
            metric(metrics.addArray(), alarm.namespace(), alarm.metricName(), alarm.dimensions())
                    .put("stat", stat)
                    .put("period", alarm.period());
        }
        alarm.metrics().forEach(query -> query(metrics.addArray(), query));
        return metrics;
    }

    private static void query(ArrayNode array, MetricDataQuery query) {
        ObjectNode options;
        if (query.metricStat() == null) {
            options = array.addObject().put("expression", query.expression());
        } else {
            options = metric(
                            array,
                            query.metricStat().metric().namespace(),
                            query.metricStat().metric().metricName(),
                            query.metricStat().metric().dimensions())
                    .put("stat", query.metricStat().stat());
        }
        options.put("id", query.id()).put("visible", !Boolean.FALSE.equals(query.returnData()));
        Integer period = Stream.of(
                        query.period(),
                        query.metricStat() == null ? null : query.metricStat().period())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (period != null) {
            options.put("period", period);
        }
        if (query.label() != null) {
            options.put("label", query.label());
        }
        if (query.accountId() != null) {
            options.put("accountId", query.accountId());
        }
    }

    private static ObjectNode metric(ArrayNode array, String namespace, String name, List<Dimension> dimensions) {
        array.add(namespace).add(name);
        dimensions.forEach(dimension -> array.add(dimension.name()).add(dimension.value()));
        return array.addObject();
    }
}
