package io.ecssteward.event;

import static io.ecssteward.event.Reading.field;
import static io.ecssteward.event.Reading.link;
import static io.ecssteward.event.Reading.read;
import static io.ecssteward.event.Reading.sns;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
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
                .isEqualTo(read(Examples.ALARM_COMPOSITE_SNS).identity());
        assertThat(eventBridge.suppressedBy()).isEqualTo("WaitPeriod");
        assertThat(field(eventBridge.alert(), "Triggered by")).isEqualTo("cpu-high (ALARM)");
        assertThat(field(eventBridge.alert(), "Suppressed by")).isEqualTo("WaitPeriod");
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
        assertThat(threshold("\"Threshold\": 1000000000")).isEqualTo("1000000000");
        assertThat(threshold("\"Threshold\": 1e300")).isEqualTo("1E+300");
        assertThat(threshold("\"Threshold\": 1e999")).isEqualTo("Infinity");
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
