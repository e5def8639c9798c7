package io.ecssteward.event;

import static io.ecssteward.event.Reading.field;
import static io.ecssteward.event.Reading.link;
import static io.ecssteward.event.Reading.read;
import static io.ecssteward.event.Reading.records;
import static io.ecssteward.event.Reading.sns;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people know from terraform-aws-notify-slack, shape by shape. */
class NoticesTest {

    @Test
    void guardDutyFinding() {
        Alert alert = read(Examples.GUARDDUTY).alert();
        assertThat(alert.title()).isEqualTo("GuardDuty finding: Unprotected port on i-1 is being probed");
        assertThat(alert.text()).isEqualTo("A known malicious host probes it.");
        assertThat(alert.severity()).isEqualTo(Severity.ERROR);
        assertThat(alert.state()).isEqualTo(Alert.State.INFO);
        assertThat(alert.coolDown()).isEqualTo(Duration.ofDays(1));
        assertThat(field(alert, "Severity")).isEqualTo("High (8.5)");
        assertThat(field(alert, "Finding type")).isEqualTo("Recon:EC2/PortProbeUnprotectedPort");
        assertThat(field(alert, "First seen")).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(field(alert, "Last seen")).isEqualTo("2026-01-02T00:00:00Z");
        assertThat(field(alert, "Count")).isEqualTo("1234");
        assertThat(field(alert, "Account")).isEqualTo("444455556666");
        assertThat(link(alert, "View finding"))
                .isEqualTo(
                        "https://console.amazonaws-us-gov.com/guardduty/home?region=us-gov-east-1#/findings?search=id%3Dfinding%2F1");
    }

    @Test
    void guardDutyScoresBecomeSeverities() {
        assertThat(List.of("9", "7.0", "6.9", "4", "3.9", "\"x\""))
                .extracting(score ->
                        read(Examples.GUARDDUTY.replace("8.5", score)).alert().severity())
                .containsExactly(
                        Severity.CRITICAL,
                        Severity.ERROR,
                        Severity.WARNING,
                        Severity.WARNING,
                        Severity.INFO,
                        Severity.WARNING);
    }

    @Test
    void guardDutyMalwareScan() {
        Alert alert = read(Examples.MALWARE).alert();
        assertThat(alert.title()).isEqualTo("GuardDuty malware scan: THREATS_FOUND");
        assertThat(alert.severity()).isEqualTo(Severity.ERROR);
        assertThat(field(alert, "Bucket")).isEqualTo("uploads");
        assertThat(field(alert, "Object")).isEqualTo("in/a b.zip");
        assertThat(field(alert, "Threats")).isEqualTo("EICAR-Test-File");
        assertThat(link(alert, "View object"))
                .isEqualTo("https://console.aws.amazon.com/s3/object/uploads?region=eu-west-1&prefix=in%2Fa%20b.zip");
        assertThat(read(Examples.MALWARE.replace("THREATS_FOUND", "NO_THREATS_FOUND"))
                        .alert()
                        .severity())
                .isEqualTo(Severity.INFO);
        assertThat(read(Examples.MALWARE.replace("THREATS_FOUND", "FAILED"))
                        .alert()
                        .severity())
                .isEqualTo(Severity.WARNING);
    }

    @Test
    void securityHubFindingsAreToldByTheWorst() {
        Alert alert = read(Examples.SECURITY_HUB).alert();
        assertThat(alert.title()).isEqualTo("Security Hub finding: S3.1 Block public access (and 1 more)");
        assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(alert.text()).isEqualTo("Buckets");
        assertThat(field(alert, "Severity")).isEqualTo("CRITICAL");
        assertThat(field(alert, "Compliance")).isEqualTo("FAILED");
        assertThat(field(alert, "Workflow")).isEqualTo("NEW");
        assertThat(field(alert, "Control")).isEqualTo("S3.1");
        assertThat(field(alert, "Affected resource")).isEqualTo("arn:aws:s3:::bucket");
        assertThat(field(alert, "Generator")).isEqualTo("standard/S3.1");
        assertThat(field(alert, "Account")).isEqualTo("444455556666");
        assertThat(field(alert, "More findings")).isEqualTo("LOW CVE-1 - curl: i-1");
        assertThat(link(alert, "View finding"))
                .isEqualTo("https://console.aws.amazon.com/securityhub/home?region=eu-west-1"
                        + "#/findings?search=Id%3D%255Coperator%255C%253AEQUALS%255C%253Aarn%253Aa%252F2");
        assertThat(link(alert, "View control"))
                .isEqualTo("https://console.aws.amazon.com/securityhub/home?region=eu-west-1#/controls/S3.1");
        assertThat(link(alert, "Remediation")).isEqualTo("https://docs.aws.amazon.com/console/securityhub/S3.1");
    }

    @Test
    void otherProductsFindingsComeThroughSecurityHub() {
        // The shape of notify-slack's Macie fixture: no label, a normalized score, the product's name in its fields.
        Alert macie = securityHub("""
                {"Title": "Codes in S3", "Severity": {"Normalized": 75}, "ProductFields": {"aws/securityhub/ProductName": "Macie"}}""");
        assertThat(macie.title()).isEqualTo("Macie finding: Codes in S3");
        assertThat(macie.severity()).isEqualTo(Severity.ERROR);
        assertThat(securityHub("{\"ProductName\": \"Inspector\", \"Title\": \"CVE-1\"}")
                        .title())
                .isEqualTo("Inspector finding: CVE-1");
        assertThat(securityHub("{\"ProductName\": \"GuardDuty\", \"Title\": \"Probe\"}")
                        .title())
                .isEqualTo("GuardDuty finding: Probe");
        assertThat(securityHub("{\"Compliance\": {\"Status\": \"PASSED\"}, \"Severity\": {\"Label\": \"HIGH\"}}")
                        .severity())
                .isEqualTo(Severity.INFO);
        assertThat(securityHub("{\"Remediation\": {\"Recommendation\": {\"Url\": \"javascript:alert(1)\"}}}")
                        .links())
                .isEmpty();
    }

    private static Alert securityHub(String finding) {
        return read("{\"source\": \"aws.securityhub\", \"detail-type\": \"Security Hub Findings - Imported\", \"detail\": {\"findings\": ["
                        + finding + "]}}")
                .alert();
    }

    @Test
    void inspectorFinding() {
        Alert alert = read(Examples.INSPECTOR).alert();
        assertThat(alert.title()).isEqualTo("Inspector finding: CVE-2024-29069 - snapd");
        assertThat(alert.severity()).isEqualTo(Severity.WARNING);
        assertThat(field(alert, "Vulnerability")).isEqualTo("CVE-2024-29069");
        assertThat(field(alert, "Score")).isEqualTo("4.8");
        assertThat(field(alert, "Fix available")).isEqualTo("YES");
        assertThat(field(alert, "Affected resource")).isEqualTo("i-1");
        assertThat(link(alert, "View findings"))
                .isEqualTo("https://console.aws.amazon.com/inspector/v2/home?region=eu-west-1#/findings");
        assertThat(link(alert, "Vulnerability")).isEqualTo("https://example.org/CVE");

        Alert closed = read(Examples.INSPECTOR.replace("ACTIVE", "CLOSED")).alert();
        assertThat(closed.title()).startsWith("Inspector finding closed: ");
        assertThat(closed.severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void healthEvent() {
        Alert alert = read(Examples.HEALTH).alert();
        assertThat(alert.title())
                .isEqualTo("AWS Health event for EC2: AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED");
        assertThat(alert.text()).isEqualTo("A drive");
        assertThat(alert.severity()).isEqualTo(Severity.ERROR);
        assertThat(field(alert, "Affected service")).isEqualTo("EC2");
        assertThat(field(alert, "Affected region")).isEqualTo("us-west-2");
        assertThat(field(alert, "Affected resources")).isEqualTo("i-1, i-2");
        assertThat(field(alert, "Start")).isEqualTo("Sat, 05 Jun 2016 15:10:09 GMT");
        assertThat(link(alert, "View event"))
                .isEqualTo("https://health.aws.amazon.com/health/home#/account/dashboard/open-issues"
                        + "?eventID=arn%3Aaws%3Ahealth%3Aus-west-2%3A%3Aevent%2FEC2%2FX%2F1&eventTab=details");
        assertThat(read(Examples.HEALTH.replace("\"issue\"", "\"scheduledChange\""))
                        .alert()
                        .severity())
                .isEqualTo(Severity.WARNING);
        assertThat(read(Examples.HEALTH.replace("\"issue\"", "\"accountNotification\""))
                        .alert()
                        .severity())
                .isEqualTo(Severity.INFO);
    }

    @Test
    void backupNotification() {
        Event event = read(Examples.BACKUP);
        Alert alert = event.alert();
        assertThat(event.type()).isEqualTo("backup-notification");
        assertThat(event.identity()).isEqualTo("message/b1");
        assertThat(event.region()).isEqualTo("eu-west-1");
        assertThat(event.account()).isEqualTo("111122223333");
        assertThat(alert.title()).isEqualTo("An AWS Backup job failed");
        assertThat(alert.severity()).isEqualTo(Severity.ERROR);
        assertThat(field(alert, "State")).isEqualTo("FAILED");
        assertThat(field(alert, "Type")).isEqualTo("BACKUP_JOB");
        assertThat(field(alert, "Recovery point ARN")).isEqualTo("arn:aws:ec2:eu-west-1:111122223333:volume/vol-2");
        assertThat(field(alert, "Resource ARN")).isEqualTo("arn:aws:ec2:eu-west-1:111122223333:volume/vol-1");
        assertThat(field(alert, "BackupJob ID")).isEqualTo("1b23");
        assertThat(field(alert, "Started")).isEqualTo("2026-01-02T03:04:05Z");

        Alert bare = read(sns(
                        BackupNotification.SUBJECT,
                        "An AWS Backup job was completed successfully. Resource ARN : arn:aws:rds:eu-west-1:1:db:x. Backup Job Id : 9."))
                .alert();
        assertThat(bare.title()).isEqualTo("An AWS Backup job was completed successfully");
        assertThat(bare.severity()).isEqualTo(Severity.INFO);
        assertThat(field(bare, "Backup Job Id")).isEqualTo("9");
    }

    @Test
    void plainText() {
        Alert alert = read(sns("Disk full", "Host web-1\nhas 2 % left.")).alert();
        assertThat(alert.title()).isEqualTo("Disk full");
        assertThat(alert.text()).isEqualTo("Host web-1\nhas 2 % left.");
        assertThat(alert.severity()).isEqualTo(Severity.INFO);
        assertThat(read("Host web-1\nhas 2 % left.").alert().title()).isEqualTo("Host web-1");
        Alert line = read("just this").alert();
        assertThat(line.title()).isEqualTo("just this");
        assertThat(line.text()).isEmpty();
        assertThat(read(sns("Subject", "  ")).alert().title()).isEqualTo("Subject");
        assertThat(read("").alert().title()).isEqualTo("Empty message");
        assertThat(read("").alert().text()).isEqualTo("The message has no text.");
    }

    @Test
    void unknownJson() {
        Alert alert = read("""
                {"source": "aws.glue", "detail-type": "Glue Job State Change", "detail": {"jobName": "nightly"}, "resources": [], "n": 5}""").alert();
        assertThat(alert.title()).isEqualTo("Glue Job State Change (aws.glue)");
        assertThat(field(alert, "detail")).isEqualTo("{\"jobName\":\"nightly\"}");
        assertThat(field(alert, "resources")).isEqualTo("[]");
        assertThat(field(alert, "n")).isEqualTo("5");
        assertThat(read(sns("From Glue", "{\"a\": 1}")).alert().title()).isEqualTo("From Glue");
        assertThat(read("{\"a\": 1}").alert().title()).isEqualTo("Message");
        assertThat(read("[1, 2]").alert().text()).isEqualTo("[1,2]");
    }

    @Test
    void unknownJsonShowsTwentyFields() {
        ObjectNode many = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < 25; i++) {
            many.put("k" + i, i);
        }
        Alert alert = read(many.toString()).alert();
        assertThat(alert.fields()).hasSize(20);
        assertThat(alert.text()).isEqualTo("5 more fields are not shown.");
    }

    @Test
    void slackPayloadIsPassedThrough() {
        JsonNode json = Reading.json("{\"text\": \"Backup *done*\", \"attachments\": [{\"color\": \"good\"}]}");
        Alert alert = read(sns(null, json.toString())).alert();
        assertThat(alert.slackPayload()).isEqualTo(json);
        assertThat(alert.title()).isEqualTo("Backup *done*");
        assertThat(
                        read("{\"blocks\": [{\"type\": \"header\", \"text\": {\"type\": \"plain_text\", \"text\": \"Head\"}}]}")
                                .alert()
                                .title())
                .isEqualTo("Head");
        assertThat(read("{\"attachments\": [{\"fallback\": \"Fall\"}]}").alert().title())
                .isEqualTo("Fall");
        assertThat(read("{\"attachments\": [{}]}").alert().title()).isEqualTo("Message");
    }

    @Test
    void whatSlackWouldRefuseIsNoSlackPayload() {
        assertThat(List.of(
                        "{\"text\": 5}",
                        "{\"text\": \"a\", \"blocks\": {}}",
                        "{\"attachments\": \"a\"}",
                        "{\"text\": \"\"}",
                        "{\"blocks\": []}"))
                .allSatisfy(json -> assertThat(read(json)).isInstanceOf(UnknownEvent.class));
        assertThat(read("{\"text\": \"a\", \"source\": \"aws.x\"}")).isInstanceOf(UnknownEvent.class);
        assertThat(read("{\"text\": \"a\", \"AlarmName\": \"x\"}")).isInstanceOf(AlarmStateChange.class);
    }

    @Test
    void anEventIsTheSameInEveryEnvelope() {
        for (String json : List.of(
                Examples.GUARDDUTY, Examples.MALWARE, Examples.SECURITY_HUB, Examples.INSPECTOR, Examples.HEALTH)) {
            Event bare = read(json);
            assertThat(bare.identity())
                    .startsWith("event/")
                    .isEqualTo(bare.alert().key());
            assertThat(read(sns("s", json)).identity()).isEqualTo(bare.identity());
            assertThat(read(records(null, json)).identity()).isEqualTo(bare.identity());
            assertThat(read(sns("s", json)).alert()).isEqualTo(bare.alert());
        }
    }

    @Test
    void anInputTransformerMayDropTheSource() {
        ObjectNode json = Reading.json(Examples.GUARDDUTY).deepCopy();
        json.remove(List.of("source", "id"));
        assertThat(read(sns(null, json.toString())))
                .isInstanceOf(GuardDutyFinding.class)
                .extracting(Event::identity)
                .isEqualTo("message/sns-1");
        json.put("source", "somebody.else");
        assertThat(read(json.toString())).isInstanceOf(UnknownEvent.class);
    }
}
