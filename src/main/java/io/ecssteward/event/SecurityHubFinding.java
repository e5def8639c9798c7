package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Findings in Security Hub, its own and those of other products: Inspector, GuardDuty, Macie... One event can contain
 * several; the alert is about the most severe and lists the others.
 *
 * <pre>
 * {"source": "aws.securityhub", "detail-type": "Security Hub Findings - Imported", "region": "eu-west-1",
 *  "detail": {"findings": [{
 *      "Id": "arn:...", "ProductName": "Security Hub", "Title": "S3.1 ...", "Description": "...", "GeneratorId": "...",
 *      "AwsAccountId": "111122223333", "Severity": {"Label": "MEDIUM", "Normalized": 40},
 *      "Compliance": {"Status": "FAILED"}, "Workflow": {"Status": "NEW"}, "RecordState": "ACTIVE",
 *      "FirstObservedAt": "...", "UpdatedAt": "...", "ProductFields": {"ControlId": "S3.1"},
 *      "Resources": [{"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::bucket"}],
 *      "Remediation": {"Recommendation": {"Url": "https://..."}}}]}}
 * </pre>
 *
 * <p>The severity is read from the label as in {@link Notice#severity}, or else from the normalized score: from 90
 * CRITICAL, from 70 HIGH, from 40 MEDIUM, below 40 LOW. A check that PASSED is INFO.
 *
 * @param payload the message that it was read from
 * @see <a
 *     href="https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html">EventBridge
 *     event formats for Security Hub</a>
 * @see <a href="https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html">AWS
 *     Security Finding Format</a>
 */
public record SecurityHubFinding(Payload payload) implements Event {

    /** How many further findings of a batch are named; Security Hub mostly sends one finding per event. */
    private static final int MAX_NAMED = 20;

    /** The detail-type of a custom action, by which a person sends a finding from the console. */
    private static final String CUSTOM_ACTION = "Security Hub Findings - Custom Action";

    static boolean recognizes(Payload payload) {
        return Notice.is(payload, "aws.securityhub", "Security Hub Findings - Imported")
                || Notice.is(payload, "aws.securityhub", CUSTOM_ACTION);
    }

    /** One of the findings. */
    private record Finding(Payload json) {

        String label() {
            String label = json.firstText("Severity.Label");
            label = label != null
                    ? label
                    : Notice.value(json.json().path("ProductFields").path("aws/securityhub/SeverityLabel"));
            Long score = json.number("Severity.Normalized");
            if (label != null || score == null) {
                return label == null ? null : label.toUpperCase(Locale.ROOT);
            }
            return score >= 90 ? "CRITICAL" : score >= 70 ? "HIGH" : score >= 40 ? "MEDIUM" : "LOW";
        }

        Severity severity() {
            return "PASSED".equals(json.text("Compliance.Status")) ? Severity.INFO : Notice.severity(label());
        }

        /** The state without times: a change of it makes the finding new again. */
        String state() {
            return Stream.of(
                            label(),
                            json.text("Compliance.Status"),
                            json.firstText("Workflow.Status", "WorkflowState"),
                            json.text("RecordState"))
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("/"));
        }

        String product() {
            String name = json.firstText("ProductName");
            name = name != null
                    ? name
                    : Notice.value(json.json().path("ProductFields").path("aws/securityhub/ProductName"));
            return name == null ? "Security Hub" : name;
        }

        String title() {
            return json.firstText("Title", "Types.0", "GeneratorId", "Id");
        }

        String resources() {
            return Notice.names(json.list("Resources").stream()
                    .map(resource -> resource.path("Id"))
                    .toList());
        }

        String control() {
            return json.firstText("ProductFields.ControlId", "Compliance.SecurityControlId");
        }

        String line() {
            return Notice.oneLine(
                    (label() == null ? "" : label() + " ")
                            + Notice.oneLine(title(), "untitled")
                            + (resources().isEmpty() ? "" : ": " + resources()),
                    "untitled");
        }
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    /**
     * Each check reports its finding again once a day. A finding that a person sends by a custom action always causes
     * an alert.
     */
    @Override
    public Optional<Ongoing> ongoing() {
        List<Payload> findings = payload.list("detail.findings").stream()
                .map(finding -> Payload.of(finding, null))
                .filter(finding -> finding.firstText("Id") != null)
                .sorted(Comparator.comparing(finding -> finding.firstText("Id")))
                .toList();
        return findings.isEmpty() || CUSTOM_ACTION.equals(payload.detailType())
                ? Optional.empty()
                : Optional.of(new Ongoing(
                        joined(findings, finding -> finding.firstText("Id")),
                        joined(findings, finding -> new Finding(finding).state())));
    }

    private static String joined(List<Payload> findings, Function<Payload, String> part) {
        return findings.stream().map(part).collect(Collectors.joining(" "));
    }

    @Override
    public Alert alert() {
        List<Finding> findings = payload.list("detail.findings").stream()
                .map((JsonNode json) -> new Finding(Payload.of(json, null)))
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
        if (findings.isEmpty()) {
            return Notice.about(this, Severity.WARNING, "Security Hub finding")
                    .text("The event has no findings.")
                    .field("Account", account())
                    .field("Region", region())
                    .build();
        }
        Finding worst = findings.get(0);
        List<Finding> others = findings.subList(1, findings.size());
        String more = others.isEmpty() ? "" : " (and " + others.size() + " more)";
        return about(
                        worst,
                        Notice.oneLine(
                                        Notice.titled(worst.product() + " finding", worst.title()),
                                        "Security Hub finding")
                                + more)
                .field(
                        "More findings",
                        String.join(
                                "\n",
                                others.stream()
                                        .limit(MAX_NAMED)
                                        .map(Finding::line)
                                        .toList()))
                .build();
    }

    private Alert.Builder about(Finding finding, String title) {
        Payload json = finding.json();
        String region = region();
        return Notice.about(this, finding.severity(), title)
                .text(json.text("Description"))
                .field("Sent by", payload.firstText("detail.actionName"))
                .field("Severity", finding.label())
                .field("Compliance", json.text("Compliance.Status"))
                .field("Workflow", json.firstText("Workflow.Status", "WorkflowState"))
                .field("Record state", json.text("RecordState"))
                .field("Control", finding.control())
                .field("Affected resource", finding.resources())
                .field("First observed", json.text("FirstObservedAt"))
                .field("Last updated", json.text("UpdatedAt"))
                .field("Generator", json.text("GeneratorId"))
                .field("Account", Notice.either(json.firstText("AwsAccountId"), account()))
                .field("Region", region)
                .link("View finding", ConsoleLinks.securityHubFinding(region, json.firstText("Id")))
                .link("View control", ConsoleLinks.securityHubControl(region, finding.control()))
                .link("Remediation", Notice.web(json.text("Remediation.Recommendation.Url")));
    }
}
