package io.ecssteward.event;

import static io.ecssteward.event.Reading.field;
import static io.ecssteward.event.Reading.link;
import static io.ecssteward.event.Reading.read;
import static io.ecssteward.event.Reading.sns;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AlarmStateChangeTest {

    private static final Instant CHANGED = Instant.parse("2026-01-02T03:04:05.678Z");

    private static AlarmStateChange alarm(String json) {
        return (AlarmStateChange) read(json);
    }

    @Test
    void metricAlarmBySns() {
        AlarmStateChange alarm = alarm(sns("ALARM: \"cpu-high\" in EU (Ireland)", Examples.ALARM_SNS));
        assertThat(alarm.name()).isEqualTo("cpu-high");
        assertThat(alarm.state()).isEqualTo("ALARM");
        assertThat(alarm.previousState()).isEqualTo("OK");
        assertThat(alarm.changedAt()).isEqualTo(CHANGED).isEqualTo(alarm.time());
        assertThat(alarm.firing()).isTrue();
        assertThat(alarm.suppressedBy()).isNull();
        assertThat(alarm.cluster()).isEqualTo("prod");
        assertThat(alarm.service()).isEqualTo("web");
        assertThat(alarm.region()).isEqualTo("eu-west-1");
        assertThat(alarm.type()).isEqualTo("alarm-state-change");

        Alert alert = alarm.alert();
        assertThat(alert.key()).isEqualTo("alarm/111122223333/cpu-high");
        assertThat(alert.claim()).isEqualTo("firing/alarm/111122223333/cpu-high/ALARM/2026-01-02T03:04:05.678Z");
        assertThat(alert.title()).isEqualTo("ALARM: cpu-high");
        assertThat(alert.state()).isEqualTo(Alert.State.FIRING);
        assertThat(alert.severity()).isEqualTo(Severity.ERROR);
        assertThat(alert.text()).isEqualTo("Web is busy\n\nThreshold Crossed: 2 datapoints");
        assertThat(field(alert, "Metric")).isEqualTo("AWS/ECS CPUUtilization, Average over 60 s");
        assertThat(field(alert, "Dimensions")).isEqualTo("ServiceName: web, ClusterName: prod");
        assertThat(field(alert, "Threshold")).isEqualTo(">= 80 for 2 periods of 60 s");
        assertThat(field(alert, "State")).isEqualTo("OK -> ALARM");
        assertThat(field(alert, "Account")).isEqualTo("111122223333");
        assertThat(link(alert, "View alarm"))
                .isEqualTo("https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/cpu-high");
    }

    @Test
    void metricAlarmByEventBridge() {
        AlarmStateChange alarm = alarm(Examples.ALARM_EVENTBRIDGE);
        assertThat(alarm.cluster()).isEqualTo("prod");
        assertThat(alarm.service()).isEqualTo("web");
        assertThat(alarm.arn()).isEqualTo("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu-high");

        Alert alert = alarm.alert();
        assertThat(alert.title()).isEqualTo("ALARM: cpu-high");
        assertThat(field(alert, "Metric")).isEqualTo("AWS/ECS CPUUtilization, Average over 60 s");
        assertThat(field(alert, "Dimensions")).isEqualTo("ClusterName: prod, ServiceName: web");
        assertThat(field(alert, "Threshold")).isEqualTo(">= 80 in periods of 60 s");
        assertThat(field(alert, "Recent datapoints")).isEqualTo("91, 93.5");
    }

    @Test
    void oneStateChangeHasOneIdentityHoweverItCame() {
        String identity = "alarm/111122223333/eu-west-1/cpu-high/ALARM/2026-01-02T03:04:05.678Z";
        assertThat(read(Examples.ALARM_SNS).identity()).isEqualTo(identity);
        assertThat(read(sns("s", Examples.ALARM_SNS)).identity()).isEqualTo(identity);
        assertThat(read(Reading.records("s", Examples.ALARM_SNS)).identity()).isEqualTo(identity);
        assertThat(read(Examples.ALARM_EVENTBRIDGE).identity()).isEqualTo(identity);
        assertThat(read(sns(null, Examples.ALARM_EVENTBRIDGE)).identity()).isEqualTo(identity);
        assertThat(read(Examples.ALARM_SNS).alert().key())
                .isEqualTo(read(Examples.ALARM_EVENTBRIDGE).alert().key());
    }

    @Test
    void theNameOfARegionIsNoRegion() {
        ObjectNode old = Reading.json(Examples.ALARM_SNS).deepCopy();
        old.remove("AlarmArn");
        AlarmStateChange alarm = alarm(old.toString());
        assertThat(alarm.region()).isNull();
        assertThat(alarm.identity()).isEqualTo("alarm/111122223333/cpu-high/ALARM/2026-01-02T03:04:05.678Z");
        assertThat(field(alarm.alert(), "Region")).isEqualTo("EU (Ireland)");
        assertThat(alarm.alert().links()).isEmpty();
        assertThat(alarm.alert().key())
                .isEqualTo(read(Examples.ALARM_EVENTBRIDGE).alert().key());
    }

    @Test
    void metricMathShowsTheExpressionAndTheMetricsBehindIt() {
        AlarmStateChange alarm = alarm(Examples.ALARM_MATH_SNS);
        assertThat(alarm.cluster()).isEqualTo("prod");
        assertThat(alarm.service()).isNull();
        Alert alert = alarm.alert();
        assertThat(field(alert, "Metric")).isNull();
        assertThat(field(alert, "Expression")).isEqualTo("""
                CPU Usage = 100*m1/m2
                m1: ECS/ContainerInsights CpuUtilized, Sum over 60 s
                m2: ECS/ContainerInsights CpuReserved, Sum over 60 s""");
        assertThat(field(alert, "Dimensions")).isEqualTo("ClusterName: prod");
        assertThat(field(alert, "Threshold")).isEqualTo("> 70.5 for 2 of 3 periods of 60 s");
    }

    @Test
    void metricMathByEventBridge() {
        Alert alert = read("""
                {"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", "detail": {"alarmName": "share",
                 "state": {"value": "ALARM"}, "configuration": {"metrics": [
                   {"id": "e1", "expression": "m1/m2", "returnData": true},
                   {"id": "m1", "metricStat": {"metric": {"name": "A", "namespace": "N", "dimensions": {}}, "period": 300, "stat": "p99"}}]}}}""").alert();
        assertThat(field(alert, "Expression")).isEqualTo("e1 = m1/m2\nm1: N A, p99 over 300 s");
    }

    @Test
    void metricsOfSeveralServicesNameNoService() {
        AlarmStateChange alarm = alarm("""
                {"AlarmName": "both", "Trigger": {"Metrics": [
                  {"Id": "a", "MetricStat": {"Metric": {"MetricName": "M", "Dimensions": [{"name": "ServiceName", "value": "web"}]}}},
                  {"Id": "b", "MetricStat": {"Metric": {"MetricName": "M", "Dimensions": [{"name": "ServiceName", "value": "api"}]}}}]}}""");
        assertThat(alarm.service()).isNull();
        assertThat(field(alarm.alert(), "Dimensions")).isEqualTo("ServiceName: web, ServiceName: api");
    }

    @Test
    void compositeAlarms() {
        Alert sns = read(Examples.ALARM_COMPOSITE_SNS).alert();
        assertThat(field(sns, "Rule")).isEqualTo("ALARM(cpu-high) AND ALARM(errors)");
        assertThat(field(sns, "Triggered by")).isEqualTo("cpu-high (ALARM)");
        assertThat(field(sns, "Threshold")).isNull();

        AlarmStateChange eventBridge = alarm(Examples.ALARM_COMPOSITE_EVENTBRIDGE);
        assertThat(eventBridge.identity())
                .as("CloudWatch takes the action when the wait is over, and that is no duplicate")
                .isEqualTo(read(Examples.ALARM_COMPOSITE_SNS).identity() + "/WaitPeriod");
        assertThat(eventBridge.suppressedBy()).isEqualTo("WaitPeriod");
        assertThat(field(eventBridge.alert(), "Triggered by")).isEqualTo("cpu-high (ALARM)");
        assertThat(field(eventBridge.alert(), "Suppressed by")).isEqualTo("WaitPeriod");
    }

    @Test
    void contributorsAreAlarmsOfTheirOwn() {
        AlarmStateChange orders = sample("alarm-contributor-eventbridge-firing");
        AlarmStateChange invoices = sample("alarm-contributor-firing");
        AlarmStateChange over = sample("alarm-contributor-resolved");
        assertThat(orders.identity())
                .isEqualTo("alarm/111122223333/eu-west-1/queue-age-per-queue/6d442278dba546f6/ALARM/"
                        + "2026-11-20T13:42:04.919Z")
                .isNotEqualTo(invoices.identity());
        assertThat(orders.alert().claim()).isNotEqualTo(invoices.alert().claim());
        assertThat(over.alert().key()).isEqualTo(orders.alert().key());
        assertThat(over.alert().title()).isEqualTo("OK: queue-age-per-queue (QueueName: orders) is back to normal");
        assertThat(over.alert().text()).contains("Other contributors of this alarm may still be in ALARM.");
        assertThat(field(orders.alert(), "Threshold")).isEqualTo("> 600 in periods of 60 s");
        assertThat(orders.summary()).isFalse();

        AlarmStateChange sum = sample("alarm-eventbridge-contributors-summed-up");
        assertThat(sum.summary()).isTrue();
        assertThat(sum.changeOfContributors()).isEqualTo(orders.changeOfContributors());
        assertThat(sum.identity()).isNotEqualTo(orders.identity());
        Event later = read(FollowUp.message("contributors", sum, CHANGED));
        assertThat(later.account()).as("routing rules go by it").isEqualTo("111122223333");
        assertThat(later.region()).isEqualTo("eu-west-1");
    }

    @Test
    void oneContributorIsOneAlarmHoweverItCame() {
        ObjectNode bySns = Reading.json(
                        sample("alarm-contributor-firing").payload().json().toString())
                .deepCopy();
        bySns.put("AlarmContributorId", "6d442278dba546f6");
        assertThat(alarm(bySns.toString()).identity())
                .isEqualTo(sample("alarm-contributor-eventbridge-firing").identity());
        assertThat(alarm(bySns.toString()).alert().claim())
                .isEqualTo(
                        sample("alarm-contributor-eventbridge-firing").alert().claim());
    }

    @Test
    void theAttributesOfAContributorNameItsClusterAndService() {
        AlarmStateChange alarm = sample("alarm-promql-contributor-firing");
        assertThat(alarm.cluster()).isEqualTo("prod");
        assertThat(alarm.service()).isEqualTo("web");
        assertThat(field(alarm.alert(), "Query")).startsWith("histogram_quantile(0.99,");
        assertThat(field(alarm.alert(), "Threshold")).isNull();
        assertThat(alarm.summary()).isFalse();
        ObjectNode sum = alarm.payload().json().deepCopy();
        sum.remove("AlarmContributorId");
        assertThat(alarm(sum.toString()).summary()).isTrue();
    }

    /** The action is taken when the mute rule ends, and SNS then has the time of the change that was muted. */
    @Test
    void whatWasMutedIsNoDuplicateOfWhatIsSentAfterwards() {
        AlarmStateChange muted = sample("alarm-eventbridge-muted");
        assertThat(muted.mutedBy()).endsWith(":alarm-mute-rule:deploy-window");
        ObjectNode later = muted.payload().json().deepCopy();
        ((ObjectNode) later.get("detail")).remove("muteDetail");
        assertThat(muted.identity()).isEqualTo(alarm(later.toString()).identity() + "/muted");
    }

    @Test
    void logAlarmsShowWhatTheirQueryFound() {
        Alert alert = sample("alarm-log-firing").alert();
        assertThat(field(alert, "Threshold")).isEqualTo("> 100 for 3 of 5 query results");
        assertThat(field(alert, "Query results")).isEqualTo("142");
    }

    @Test
    void aBandIsShownWithItsBoundsWhereTheyAreTold() {
        assertThat(field(sample("alarm-eventbridge-anomaly-firing").alert(), "Threshold"))
                .isEqualTo("above the band from 110.25 to 20,599.4 in periods of 60 s");
        assertThat(field(sample("alarm-anomaly-firing").alert(), "Threshold"))
                .isEqualTo("outside the band for 1 period of 60 s");
    }

    @Test
    void metricsOfAnotherAccountNameIt() {
        Alert alert = sample("alarm-cross-account-firing").alert();
        assertThat(field(alert, "Account of the metrics")).isEqualTo("444455556666");
        assertThat(link(alert, "View alarm")).endsWith("#alarmsV2:alarm/5xx%20of%20all%20shops%20%3E%201%20$25");
    }

    /** A number is shown as it was written, or rounded to six digits where it was measured; never as Infinity. */
    @Test
    void numbersThatWouldTakeForeverTakeNoTime() {
        String big = "[1e999999999, 1e-999999999, " + "9".repeat(900) + ", 0e99999999, 1234567.89, -0.000123456789]";
        Alert alert = alarm("{\"AlarmName\": \"a\", \"NewStateReasonData\": {\"recentDatapoints\": " + big + "}}")
                .alert();
        assertThat(field(alert, "Recent datapoints"))
                .isEqualTo("1E+999999999, 1E-999999999, 1E+900, 0, 1,234,570, -0.000123457");
    }

    private static AlarmStateChange sample(String name) {
        try {
            return alarm(Files.readString(Path.of("samples", name + ".json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMinimalAlarmShowsWhatThereIs() {
        AlarmStateChange alarm = alarm(sns("hand-made", "{\"AlarmName\": \"disk\", \"NewStateReason\": \"2 % left\"}"));
        assertThat(alarm.state()).isNull();
        assertThat(alarm.identity()).isEqualTo("message/sns-1");
        assertThat(alarm.alert().claim()).endsWith("/message/sns-1");
        assertThat(alarm.alert().title()).isEqualTo("Alarm: disk");
        assertThat(alarm.alert().text()).isEqualTo("2 % left");
        assertThat(alarm.alert().severity()).isEqualTo(Severity.WARNING);
        assertThat(alarm.alert().fields()).isEmpty();
        assertThat(alarm.alert().links()).isEmpty();
    }

    @Test
    void backToNormalAndNoData() {
        Alert ok = read(Examples.ALARM_SNS.replace(
                        "\"ALARM\", \"OldStateValue\": \"OK\"", "\"OK\", \"OldStateValue\": \"ALARM\""))
                .alert();
        assertThat(ok.title()).isEqualTo("OK: cpu-high is back to normal");
        assertThat(ok.state()).isEqualTo(Alert.State.RESOLVED);
        assertThat(ok.severity())
                .as("whoever heard of the beginning hears of the end")
                .isEqualTo(Severity.ERROR);
        assertThat(ok.key()).isEqualTo(read(Examples.ALARM_SNS).alert().key());
        assertThat(field(ok, "State")).isEqualTo("ALARM -> OK");

        Alert noData = read(Examples.ALARM_SNS.replace("\"ALARM\"", "\"INSUFFICIENT_DATA\""))
                .alert();
        assertThat(noData.title()).isEqualTo("INSUFFICIENT_DATA: cpu-high has no data");
        assertThat(noData.state()).isEqualTo(Alert.State.FIRING);
        assertThat(noData.severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void thresholdsInWords() {
        assertThat(threshold("\"ComparisonOperator\": \"LessThanThreshold\", \"Threshold\": 1.0, "
                        + "\"EvaluationPeriods\": 1, \"Period\": 300"))
                .isEqualTo("< 1 for 1 period of 300 s");
        assertThat(threshold("\"ComparisonOperator\": \"GreaterThanUpperThreshold\", \"ThresholdMetricId\": "
                        + "\"ad1\", \"EvaluationPeriods\": 2"))
                .isEqualTo("above the band for 2 periods");
        assertThat(threshold("\"Threshold\": 0.0001")).isEqualTo("0.0001");
        assertThat(threshold("\"Threshold\": 1000000000")).isEqualTo("1,000,000,000");
        assertThat(threshold("\"Threshold\": 1e300")).isEqualTo("1E+300");
        assertThat(threshold("\"Threshold\": 1e999")).isEqualTo("1E+999");
        assertThat(threshold("\"Threshold\": 1e999999999")).isEqualTo("1E+999999999");
        assertThat(threshold("\"Threshold\": -12345.678901234567890123"))
                .as("no digit is lost")
                .isEqualTo("-12,345.678901234567890123");
        assertThat(threshold("\"Threshold\": \"NaN\"")).isEqualTo("NaN");
        assertThat(threshold("\"Threshold\": [80]")).isNull();
    }

    private static String threshold(String trigger) {
        return field(
                read("{\"AlarmName\": \"a\", \"Trigger\": {" + trigger + "}}").alert(), "Threshold");
    }

    @Test
    void anAlarmNameInAnEventOfAnotherSourceIsNoAlarm() {
        assertThat(read("{\"AlarmName\": \"x\", \"source\": \"aws.glue\"}")).isInstanceOf(UnknownEvent.class);
        assertThat(read("{\"AlarmName\": 5}")).isInstanceOf(UnknownEvent.class);
    }
}
