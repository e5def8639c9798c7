package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A CloudWatch alarm changed its state. It arrives as the alarm's own SNS action, or as an EventBridge event; both
 * copies of one change have the same identity. {@link AlarmTrigger} reads what the alarm watches.
 *
 * <pre>
 * SNS:          {"AlarmName": "cpu-high", "AlarmDescription": "...", "AWSAccountId": "111122223333",
 *                "NewStateValue": "ALARM", "OldStateValue": "OK", "NewStateReason": "Threshold Crossed: ...",
 *                "StateChangeTime": "2019-02-12T15:45:24.006+0000", "Region": "EU (Ireland)",
 *                "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu-high", "Trigger": {...}}
 * EventBridge:  {"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
 *                "resources": ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu-high"],
 *                "detail": {"alarmName": "cpu-high", "state": {"value": "ALARM", "reason": "...",
 *                "reasonData": "{...}", "timestamp": "2019-02-12T15:45:24.006+0000"},
 *                "previousState": {"value": "OK"}, "configuration": {...}}}
 * </pre>
 *
 * <p>An alarm on a query that returns many time series (Metrics Insights with GROUP BY, a log alarm with BY, PromQL)
 * has contributors, each with its own state. CloudWatch reports each contributor, and also a summary as a change of the
 * alarm itself:
 *
 * <pre>
 * SNS:          {"AlarmName": "...", "AlarmContributorId": "6d442278dba546f6",
 *                "AlarmContributorAttributes": {"QueueName": "orders"}, ...}
 * EventBridge:  {"detail-type": "CloudWatch Alarm Contributor State Change", "detail": {"alarmName": "...",
 *                "alarmContributor": {"id": "6d442278dba546f6", "attributes": {"QueueName": "orders"}}, ...}}
 * the summary:  {..., "state": {"value": "ALARM", "reason": "6 out of 6 time series evaluated to ALARM"}}
 * </pre>
 *
 * <p>Every field is optional: some publishers send only an {@code AlarmName} and a {@code NewStateReason}.
 * {@code Region} is a display name, never a region code.
 *
 * @param payload the message that it was read from
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html">Alarm
 *     events and EventBridge</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Acting_Alarm_Changes.html">Actions of
 *     alarms and of contributors</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html">Notifying
 *     users on alarm changes</a>
 */
public record AlarmStateChange(Payload payload) implements Event {

    /** How CloudWatch sums up the contributors: "6 out of 6 time series evaluated to ALARM". */
    private static final Pattern SUMMARY =
            Pattern.compile("\\d+ out of (?:the )?\\d+ (?:time series|contributors?) evaluated to .*");

    static boolean recognizes(Payload payload) {
        return Notice.is(payload, "aws.cloudwatch", "CloudWatch Alarm State Change")
                || Notice.is(payload, "aws.cloudwatch", "CloudWatch Alarm Contributor State Change")
                || payload.source() == null && payload.at("AlarmName").isTextual();
    }

    static AlarmStateChange read(Payload payload) {
        return new AlarmStateChange(payload);
    }

    /** The alarm's name, from the field or the ARN; null if neither has it. */
    public String name() {
        return Notice.either(payload.firstText("AlarmName", "detail.alarmName"), nameIn(arn()));
    }

    /** ALARM, OK or INSUFFICIENT_DATA; null if absent. */
    public String state() {
        return payload.firstText("NewStateValue", "detail.state.value");
    }

    /** The previous state; null if absent. */
    public String previousState() {
        return payload.firstText("OldStateValue", "detail.previousState.value");
    }

    /** The alarm's description; null if it has none. */
    public String description() {
        return payload.firstText("AlarmDescription", "detail.configuration.description");
    }

    /** CloudWatch's sentence about the reason; null if absent. */
    public String reason() {
        return payload.firstText("NewStateReason", "detail.state.reason");
    }

    /** When the state changed; null if absent. */
    public Instant changedAt() {
        Instant at = payload.instant("StateChangeTime");
        return at == null ? payload.instant("detail.state.timestamp") : at;
    }

    /**
     * What suppresses a composite alarm's actions (Alarm, WaitPeriod or ExtensionPeriod); null if nothing does. Only
     * EventBridge events have it: a suppressed alarm sends nothing to SNS.
     */
    public String suppressedBy() {
        return payload.firstText("detail.state.actionsSuppressedBy");
    }

    /**
     * The ARN of the mute rule that suppresses the alarm's actions; null if none does. Only EventBridge events have it.
     * If the state is still the same when the rule's window ends, CloudWatch takes the action then.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html">How
     *     alarm mute rules work</a>
     */
    public String mutedBy() {
        return payload.firstText("detail.muteDetail.mutedByArn");
    }

    /** The id of the contributor (time series) that changed; null if the alarm itself did. */
    public String contributor() {
        return payload.firstText("AlarmContributorId", "detail.alarmContributor.id");
    }

    /**
     * Whether it summarizes contributors: "2 out of 10 ... evaluated to ALARM". CloudWatch also sends an event for each
     * of them. The summary of a PromQL alarm has no reason.
     */
    public boolean summary() {
        return contributor() == null
                && (reason() == null
                        ? AlarmTrigger.of(payload).isPromQl()
                        : SUMMARY.matcher(reason()).matches());
    }

    /** A key that the summary and all contributors of one change of an alarm share. */
    public String changeOfContributors() {
        return path("contributors", account(), region(), name(), state());
    }

    /** Whether the alarm is in any state but OK. */
    public boolean firing() {
        return !"OK".equals(state());
    }

    /** The alarm's ARN; null in old or hand-made messages. */
    public String arn() {
        return Stream.of("AlarmArn", "resources.0")
                .map(payload::firstText)
                .filter(text -> nameIn(text) != null)
                .findFirst()
                .orElse(null);
    }

    /** The cluster that all the metrics are about; null if they name none, or several. */
    @Override
    public String cluster() {
        return dimension("ClusterName");
    }

    /** The service that all the metrics are about; null if they name none, or several. */
    @Override
    public String service() {
        return dimension("ServiceName");
    }

    @Override
    public Instant time() {
        return changedAt() == null ? Event.super.time() : changedAt();
    }

    @Override
    public String region() {
        String region = Arn.parse(arn()).map(Arn::region).orElse(null);
        return Payload.isRegion(region) ? region : Event.super.region();
    }

    @Override
    public String identity() {
        return name() == null || state() == null || changedAt() == null
                ? payload.fallbackIdentity()
                : path("alarm", account(), region(), name(), contributor(), state(), changedAt(), held());
    }

    /** What suppresses the action. When it is taken later, the change must not count as a duplicate. */
    private String held() {
        return mutedBy() == null ? suppressedBy() : "muted";
    }

    @Override
    public Alert alert() {
        AlarmTrigger trigger = AlarmTrigger.of(payload);
        return Alert.about(name() == null ? identity() : path("alarm", account(), name(), contributor()))
                .incident(incident(trigger))
                .resource(arn())
                // A custom message in the format of an alarm, which is never followed by an OK.
                .resolveAfter(state() == null ? Alert.NO_NEWS : null)
                .occurrence(occurrence())
                .state(firing() ? Alert.State.FIRING : Alert.State.RESOLVED)
                .severity(severity())
                .title(title())
                .text(Stream.of(description(), reason(), othersMayFire())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining("\n\n")))
                .field("Contributor", attributes() == null ? contributor() : attributes())
                .field("Metric", trigger.metric())
                .field("Expression", trigger.expression())
                .field("Query", trigger.query())
                .field("Rule", trigger.rule())
                .field("Triggered by", trigger.children())
                .field("Dimensions", trigger.dimensions())
                .field("Threshold", trigger.threshold())
                .field("Recent datapoints", trigger.datapoints())
                .field("Query results", trigger.queryResults())
                .field(
                        "State",
                        previousState() == null || state() == null ? state() : previousState() + " -> " + state())
                .field("Suppressed by", suppressedBy())
                .field("Muted by", mutedBy())
                .field("Account", account())
                .field("Account of the metrics", trigger.accounts())
                .field("Region", Notice.either(region(), payload.firstText("Region")))
                .link("View alarm", ConsoleLinks.alarm(region(), name()))
                // Every change is a new occurrence: the cool-down only has to outlast redeliveries.
                .coolDown(Duration.ofDays(1))
                .build();
    }

    /** The service that the alarm watches, in the account of its metrics, or else the alarm. */
    private String incident(AlarmTrigger trigger) {
        String account = Notice.either(trigger.accounts(), account());
        return cluster() != null && service() != null && (account == null || !account.contains(","))
                ? path("service", account, region(), cluster(), service())
                : name() == null ? null : path("alarm", account(), region(), name());
    }

    /** The alarm's name in its ARN; null if it is not the ARN of an alarm. */
    static String nameIn(String arn) {
        return Arn.parse(arn)
                .map(Arn::resource)
                .filter(resource -> resource.startsWith("alarm:") && resource.length() > "alarm:".length())
                .map(resource -> resource.substring("alarm:".length()))
                .orElse(null);
    }

    /** Without the region: old SNS messages lack the ARN, but are still duplicates of EventBridge's event. */
    private String occurrence() {
        return name() == null || state() == null || changedAt() == null ? identity() : path(state(), changedAt());
    }

    /** A dimension's value. Those of a contributor are its attributes, by which the query groups. */
    private String dimension(String name) {
        String own =
                payload.firstText("AlarmContributorAttributes." + name, "detail.alarmContributor.attributes." + name);
        return own == null ? AlarmTrigger.of(payload).dimension(name) : own;
    }

    /** "QueueName: orders"; null if there are none. */
    private String attributes() {
        return AlarmTrigger.join(
                ", ",
                Stream.of("AlarmContributorAttributes", "detail.alarmContributor.attributes")
                        .flatMap(path -> AlarmMetric.entries(payload.at(path)))
                        .map(e -> e.getKey() + ": " + e.getValue()));
    }

    private String othersMayFire() {
        return contributor() == null || firing() ? null : "Other contributors of this alarm may still be in ALARM.";
    }

    private String title() {
        String contributor = Notice.either(attributes(), contributor());
        String name = Notice.oneLine(name(), "an alarm without a name")
                + (contributor == null ? "" : " (" + Notice.oneLine(contributor, "a contributor") + ")");
        return switch (state() == null ? "" : state()) {
            case "OK" ->
                "OK: " + name
                        + ("INSUFFICIENT_DATA".equals(previousState()) ? " has data again" : " is back to normal");
            case "INSUFFICIENT_DATA" -> "INSUFFICIENT_DATA: " + name + " has no data";
            case "" -> "Alarm: " + name;
            default -> Notice.oneLine(state(), "Alarm") + ": " + name;
        };
    }

    /**
     * ALARM is ERROR; INSUFFICIENT_DATA and an unknown state are WARNING. OK is as severe as the state that it ends, so
     * that it goes to the same receivers.
     */
    private Severity severity() {
        return switch (state() == null ? "" : state()) {
            case "ALARM" -> Severity.ERROR;
            case "OK" -> "INSUFFICIENT_DATA".equals(previousState()) ? Severity.WARNING : Severity.ERROR;
            default -> Severity.WARNING;
        };
    }

    private static String path(Object... parts) {
        return Stream.of(parts).filter(Objects::nonNull).map(Object::toString).collect(Collectors.joining("/"));
    }
}
