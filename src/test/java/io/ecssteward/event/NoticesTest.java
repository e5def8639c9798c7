package io.ecssteward.event;

import static io.ecssteward.event.Reading.field;
import static io.ecssteward.event.Reading.link;
import static io.ecssteward.event.Reading.read;
import static io.ecssteward.event.Reading.records;
import static io.ecssteward.event.Reading.sns;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What people know from terraform-aws-notify-slack: one table of what each notice says in its alert. */
class NoticesTest {

    private static final Map<String, String> NOTICES = Map.ofEntries(
            entry("GuardDuty", Examples.GUARDDUTY),
            entry("malware", Examples.MALWARE),
            entry("Security Hub", Examples.SECURITY_HUB),
            entry("Inspector", Examples.INSPECTOR),
            entry("Health", Examples.HEALTH),
            entry("Backup", Examples.BACKUP),
            entry(
                    "bare Backup",
                    sns(
                            BackupNotification.SUBJECT,
                            "An AWS Backup job was completed successfully. Resource ARN : arn:aws:rds:eu-west-1:1:db:x."
                                    + " Backup Job Id : 9.")),
            entry("text with a subject", sns("Disk full", "Host web-1\nhas 2 % left.")),
            entry("text in two lines", "Host web-1\nhas 2 % left."),
            entry("subject alone", sns("Subject", "  ")),
            entry("no text", ""),
            entry("unknown JSON", """
                    {"source": "aws.glue", "detail-type": "Glue Job State Change", "detail": {"jobName": "nightly"},
                     "resources": [], "n": 5}"""),
            entry("unknown JSON with a subject", sns("From Glue", "{\"a\": 1}")));

    /** By its name; a Security Hub finding by its JSON; anything else is the message itself. */
    private static String notice(String name) {
        return name.startsWith("finding ")
                ? """
                        {"source": "aws.securityhub", "detail-type": "Security Hub Findings - Imported",
                         "detail": {"findings": [%s]}}""".formatted(name.substring("finding ".length()))
                : NOTICES.getOrDefault(name, name);
    }

    private static String part(Alert alert, String part) {
        String[] words = part.split(" ", 2);
        return switch (words[0]) {
            case "title" -> alert.title();
            case "text" -> alert.text().isEmpty() ? "none" : alert.text().replace("\n", "\\n");
            case "severity" -> alert.severity().name();
            case "state" -> alert.state().name();
            case "coolDown" -> alert.coolDown().toString();
            case "links" -> alert.links().isEmpty() ? "none" : alert.links().toString();
            case "field" -> field(alert, words[1]);
            case "link" -> link(alert, words[1]);
            default -> throw new IllegalArgumentException(part);
        };
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvFileSource(resources = "/notices/alerts.csv", delimiter = '|', quoteCharacter = '`')
    void noticeBecomesAlert(String notice, String change, String part, String expected) {
        String message = notice(notice);
        if (change != null) {
            String[] words = change.split(" => ");
            assertThat(message).contains(words[0]);
            message = message.replace(words[0], words[1]);
        }
        assertThat(part(read(message).alert(), part)).isEqualTo(expected);
    }

    @Test
    void aBackupNotificationKnowsWhereItComesFrom() {
        Event event = read(Examples.BACKUP);
        assertThat(event.type()).isEqualTo("backup-notification");
        assertThat(event.identity()).isEqualTo("message/b1");
        assertThat(event.region()).isEqualTo("eu-west-1");
        assertThat(event.account()).isEqualTo("111122223333");
    }

    @Test
    void unknownJsonShowsTwentyFields() {
        ObjectNode many = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < 25; i++) {
            many.put("k" + i, i);
        }
        Alert alert = read(many.toString()).alert();
        assertThat(alert.fields()).hasSize(20);
        assertThat(alert.text()).isEqualTo("5 more values are not shown.");
    }

    @Test
    void slackPayloadIsPassedThrough() {
        JsonNode json = Reading.json("{\"text\": \"Backup *done*\", \"attachments\": [{\"color\": \"good\"}]}");
        Alert alert = read(sns(null, json.toString())).alert();
        assertThat(alert.slackPayload()).isEqualTo(json);
        assertThat(alert.title()).isEqualTo("Backup *done*");
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
