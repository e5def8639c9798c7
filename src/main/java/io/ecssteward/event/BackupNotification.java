package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An SNS notification of AWS Backup about the end of a job: a sentence, followed by names and values.
 *
 * <pre>
 * {"Type": "Notification", "Subject": "Notification from AWS Backup", "MessageId": "...",
 *  "Message": "An AWS Backup job failed. Resource ARN : arn:aws:ec2:...:volume/vol-1. BackupJob ID : 1b23",
 *  "MessageAttributes": {"EventType": {"Type": "String", "Value": "BACKUP_JOB"}, "State": {"Value": "FAILED"}, ...}}
 * </pre>
 *
 * <p>The state sets the severity, as in {@link StatusWords} and as for the same events from EventBridge. Without a
 * state the sentence does.
 *
 * @param payload the message that it was read from
 * @see <a href="https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html">Notification options
 *     with AWS Backup</a>
 */
public record BackupNotification(Payload payload) implements Event {

    static final String SUBJECT = "Notification from AWS Backup";

    /**
     * "Resource ARN : arn:...": the colon with a space after it ends the name. The value ends where the next name
     * begins, which is after a full stop or is one that AWS Backup uses.
     */
    private static final Pattern NAME_AND_VALUE = Pattern.compile("\\b([A-Z][A-Za-z ]{1,40}?) ?: +(.+?)(?="
            + "(?:\\. +[A-Z][A-Za-z]*(?: [A-Za-z]+){0,3}"
            + "|,? +(?:[A-Z][A-Za-z]* (?:[a-z]+ )?){0,2}"
            + "(?:I[Dd]|A(?:RN|rn)|(?:Status)?Message|Time|Stat(?:e|us)|Reason))"
            + " ?: |[.\\s]*$)");

    static boolean recognizes(Payload payload) {
        return SUBJECT.equals(payload.subject());
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    /** The resource's region: the message has it only within ARNs. */
    @Override
    public String region() {
        return facts().values().stream()
                .map(Arn::parse)
                .flatMap(Optional::stream)
                .map(Arn::region)
                .filter(Payload::isRegion)
                .findFirst()
                .orElse(Event.super.region());
    }

    @Override
    public String account() {
        String account = payload.attributes().get("AccountId");
        return account == null || account.isBlank() ? Event.super.account() : account;
    }

    @Override
    public Alert alert() {
        Map<String, String> attributes = payload.attributes();
        Alert.Builder alert = Notice.about(this, severity(), sentence())
                .field("State", attributes.get("State"))
                .field("Type", attributes.get("EventType"));
        facts().forEach(alert::field);
        return alert.text(facts().isEmpty() ? text() : "")
                .field("Started", attributes.get("StartTime"))
                .field("Account", account())
                .field("Region", region())
                .link("View in console", ConsoleLinks.home(region(), "backup"))
                .build();
    }

    /** The names and values in the text, in order. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        Matcher matcher = NAME_AND_VALUE.matcher(Notice.cut(text(), 5_000));
        // A real message has three or four; a text that only looks like one must not become a thousand fields.
        while (matcher.find() && facts.size() < 10) {
            facts.put(matcher.group(1), matcher.group(2).strip());
        }
        return facts;
    }

    private String text() {
        String text = Payload.textOf(payload.json());
        return text == null ? "" : text;
    }

    private String sentence() {
        int end = text().indexOf('.');
        return Notice.oneLine(end < 0 ? text() : text().substring(0, end), SUBJECT);
    }

    private Severity severity() {
        String state = payload.attributes().get("State");
        Severity severity = state == null ? StatusWords.ofProse(sentence()) : StatusWords.ofWord(state);
        return severity == null ? Severity.INFO : severity;
    }
}
