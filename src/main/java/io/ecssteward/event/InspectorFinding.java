package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.util.Optional;

/**
 * Inspector found a vulnerability in an instance, image or function, or closed one. Inspector's findings that arrive
 * through Security Hub are a {@link SecurityHubFinding}.
 *
 * <pre>
 * {"source": "aws.inspector2", "detail-type": "Inspector2 Finding", "region": "eu-west-1",
 *  "detail": {"title": "CVE-2024-29069 - snapd", "description": "...", "severity": "MEDIUM", "status": "ACTIVE",
 *             "type": "PACKAGE_VULNERABILITY", "inspectorScore": 4.8, "fixAvailable": "YES",
 *             "findingArn": "arn:...", "awsAccountId": "111122223333",
 *             "firstObservedAt": "...", "lastObservedAt": "...",
 *             "packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2024-29069", "sourceUrl": "https://..."},
 *             "resources": [{"id": "i-0abc", "type": "AWS_EC2_INSTANCE"}]}}
 * </pre>
 *
 * <p>The severity is read from its label as in {@link Notice#severity}; a CLOSED finding is INFO.
 *
 * @param payload the message that it was read from
 * @see <a href="https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html">Inspector's EventBridge
 *     schema</a>
 */
public record InspectorFinding(Payload payload) implements Event {

    static boolean recognizes(Payload payload) {
        return Notice.is(payload, "aws.inspector2", "Inspector2 Finding");
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    /** Inspector rescans, and sends the findings that are still open again. */
    @Override
    public Optional<Ongoing> ongoing() {
        return Optional.ofNullable(payload.firstText("detail.findingArn"))
                .map(arn -> new Ongoing(
                        arn,
                        payload.text("detail.severity") + "/" + payload.text("detail.status") + "/"
                                + payload.text("detail.fixAvailable") + "/" + payload.text("detail.exploitAvailable")));
    }

    @Override
    public Alert alert() {
        String word = payload.firstText("detail.severity");
        boolean closed = "CLOSED".equals(payload.text("detail.status"));
        String region = region();
        return Notice.about(
                        this,
                        closed ? Severity.INFO : Notice.severity(word),
                        Notice.titled(
                                closed ? "Inspector finding closed" : "Inspector finding",
                                payload.firstText(
                                        "detail.title",
                                        "detail.packageVulnerabilityDetails.vulnerabilityId",
                                        "detail.type")))
                .text(payload.text("detail.description"))
                .field("Severity", word)
                .field("Status", payload.text("detail.status"))
                .field("Type", payload.text("detail.type"))
                .field("Vulnerability", payload.text("detail.packageVulnerabilityDetails.vulnerabilityId"))
                .field("Score", payload.text("detail.inspectorScore"))
                .field("Fix available", payload.text("detail.fixAvailable"))
                .field("Affected resource", resources())
                .field("First observed", payload.text("detail.firstObservedAt"))
                .field("Last observed", payload.text("detail.lastObservedAt"))
                .field("Account", Notice.either(payload.firstText("detail.awsAccountId"), account()))
                .field("Region", region)
                .link("View findings", region == null ? null : ConsoleLinks.home(region, "inspector/v2") + "#/findings")
                .link("Vulnerability", Notice.web(payload.text("detail.packageVulnerabilityDetails.sourceUrl")))
                .build();
    }

    private String resources() {
        String ids = Notice.names(payload.list("detail.resources").stream()
                .map(resource -> resource.path("id"))
                .toList());
        return ids.isEmpty() ? payload.resource() : ids;
    }
}
