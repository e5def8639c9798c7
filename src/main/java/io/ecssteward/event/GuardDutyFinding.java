package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import java.util.Optional;

/**
 * A GuardDuty finding, new or updated.
 *
 * <pre>
 * {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "account": "111122223333", "region": "eu-west-1",
 *  "detail": {"id": "16af", "accountId": "111122223333", "type": "Recon:EC2/PortProbeUnprotectedPort", "severity": 5,
 *             "title": "...", "description": "...",
 *             "service": {"eventFirstSeen": "2020-01-02T01:02:03Z", "eventLastSeen": "...", "count": 12}}}
 * </pre>
 *
 * <p>A severity score from 9 on is CRITICAL, from 7 (High) ERROR, from 4 (Medium) WARNING, below 4 (Low) INFO; without
 * a score it is WARNING.
 *
 * @param payload the message that it was read from
 * @see <a href="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html">GuardDuty findings
 *     with EventBridge</a>
 * @see <a href="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html">Severity levels</a>
 */
public record GuardDutyFinding(Payload payload) implements Event {

    static boolean recognizes(Payload payload) {
        return Notice.is(payload, "aws.guardduty", "GuardDuty Finding");
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    /** GuardDuty sends a finding again about every six hours as long as the activity continues. */
    @Override
    public Optional<Ongoing> ongoing() {
        return Optional.ofNullable(payload.firstText("detail.id"))
                .map(id -> new Ongoing(id, level() + "/" + payload.text("detail.service.archived")));
    }

    /** GuardDuty's name for the score; null if there is no score. */
    String level() {
        JsonNode score = payload.at("detail.severity");
        if (!score.isNumber()) {
            return null;
        }
        double value = score.doubleValue();
        return value >= 9 ? "Critical" : value >= 7 ? "High" : value >= 4 ? "Medium" : "Low";
    }

    @Override
    public String cluster() {
        return payload.firstText("detail.resource.ecsClusterDetails.name");
    }

    @Override
    public String clusterArn() {
        return payload.firstText("detail.resource.ecsClusterDetails.arn");
    }

    @Override
    public String service() {
        String group = payload.firstText("detail.resource.ecsClusterDetails.taskDetails.group");
        return group != null && group.startsWith("service:") ? group.substring("service:".length()) : null;
    }

    @Override
    public String task() {
        return Arn.nameOf(payload.firstText("detail.resource.ecsClusterDetails.taskDetails.arn"));
    }

    @Override
    public Alert alert() {
        String score = payload.firstText("detail.severity");
        return Notice.about(
                        this,
                        Notice.severity(level()),
                        Notice.titled("GuardDuty finding", payload.firstText("detail.title", "detail.type")))
                .text(payload.text("detail.description"))
                .field("Severity", level() == null ? score : level() + " (" + score + ")")
                .field("Finding type", payload.text("detail.type"))
                .field("First seen", payload.text("detail.service.eventFirstSeen"))
                .field("Last seen", payload.text("detail.service.eventLastSeen"))
                .field("Count", payload.text("detail.service.count"))
                .field("Resource type", payload.text("detail.resource.resourceType"))
                .field("Cluster", cluster())
                .field("Service", service())
                .field("Task", task())
                .field("Account", Notice.either(payload.firstText("detail.accountId"), account()))
                .field("Region", region())
                .link("View finding", ConsoleLinks.guardDutyFinding(region(), payload.firstText("detail.id")))
                .link("View task", ConsoleLinks.task(region(), cluster(), task()))
                .build();
    }
}
