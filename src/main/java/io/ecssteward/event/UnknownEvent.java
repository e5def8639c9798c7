package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Redactor;
import io.ecssteward.alert.Severity;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * JSON of an unknown type, such as the events of most AWS services. The alert shows its values, the most informative
 * first, with a severity according to their words.
 *
 * <pre>
 * {"source": "aws.glue", "detail-type": "Glue Job State Change", "detail": {"jobName": "nightly", "state": "FAILED"}}
 * </pre>
 *
 * <p>The severity follows the words that services use ({@link StatusWords}): FAILED is ERROR, STOPPED is WARNING,
 * SUCCEEDED is INFO, and so is an event without such words.
 *
 * @param payload the message that it was read from
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html">EventBridge events</a>
 * @see <a href="https://docs.aws.amazon.com/dtconsole/latest/userguide/concepts.html">Notification rules, whose
 *     messages have a {@code detailType}</a>
 */
public record UnknownEvent(Payload payload) implements Event {

    /** More fields are not read on a phone. */
    private static final int MAX_FIELDS = 20;

    private static final int MAX_LINKS = 5;

    /** An event type that exists only for failures; for other types, a good status counts more than the name. */
    private static final Pattern FAILED_KIND = Pattern.compile("(?i)(?:unsuccessful|failed|failure)$");

    /** In characters; longer values are not equal by chance. */
    private static final int LONG = 20;

    /** Fields that name the resource; the first that exists is used. */
    private static final List<String> SUBJECTS = List.of(
            "eventname",
            "name",
            "jobname",
            "pipeline",
            "pipelinename",
            "projectname",
            "repositoryname",
            "autoscalinggroupname",
            "stackname",
            "functionname",
            "applicationname",
            "application",
            "environmentname",
            "configrulename",
            "checkname",
            "insightname",
            "rulename",
            "dbinstanceidentifier",
            "dbclusteridentifier",
            "sourceidentifier",
            "clusteridentifier",
            "clustername",
            "bucketname",
            "bucket",
            "domainname",
            "queuename",
            "resourcename",
            "resourcearn",
            "backupjobid",
            "copyjobid",
            "restorejobid",
            "instanceid",
            "snapshotid",
            "volumeid",
            "taskname",
            "commandid",
            "documentname",
            "alertname",
            "title",
            "event");

    /** Accepts everything: it is the last in the list. */
    static boolean recognizes(Payload payload) {
        return true;
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    @Override
    public Alert alert() {
        return alert(this, payload.json());
    }

    /** The alert about any JSON that arrived as this event. */
    static Alert alert(Event event, JsonNode json) {
        Payload payload = event.payload();
        String kind = payload.firstText("detail-type", "detailType");
        boolean flat = kind == null && !json.isObject() && !hasObjects(json);
        List<Facts.Fact> facts = flat ? List.of() : Facts.of(kind == null ? json : detail(payload));
        Severity severity = StatusWords.of(facts);
        if (severity != Severity.INFO
                || FAILED_KIND.matcher(kind == null ? "" : kind).find()) {
            severity = StatusWords.worst(Stream.of(severity, StatusWords.ofKind(kind)));
        }
        if (severity == null) {
            severity =
                    Optional.ofNullable(StatusWords.ofProse(payload.subject())).orElse(Severity.INFO);
        }
        Alert.Builder alert = Notice.about(event, severity, title(payload, kind, facts));
        int envelope = kind == null ? 0 : 4;
        int shown = 0;
        int links = 0;
        int more = 0;
        Set<String> seen = new HashSet<>();
        for (Facts.Fact fact : facts) {
            String url = Notice.web(fact.value());
            boolean inEnvelope = kind != null
                    && (fact.value().equals(event.account()) || fact.value().equals(event.region()));
            if (inEnvelope || fact.value().length() > LONG && !seen.add(fact.value())) {
                continue;
            }
            if (url != null && links < MAX_LINKS && !url.contains(Redactor.MASK)) {
                alert.link(fact.path(), url);
                links++;
            } else if (shown < MAX_FIELDS - envelope) {
                alert.field(fact.path(), fact.value());
                shown++;
            } else {
                more++;
            }
        }
        if (kind != null) {
            alert.field("Account", event.account())
                    .field("Region", event.region())
                    .field("Time", payload.text("time"))
                    .field(
                            "Resource",
                            seen.contains(payload.resource()) ? null : Notice.names(payload.list("resources")));
        }
        return alert.text(flat ? Payload.textOf(json) : text(json, facts, more))
                .link("View in console", console(payload, facts, event.region()))
                .build();
    }

    private static boolean hasObjects(JsonNode json) {
        for (JsonNode each : json) {
            if (each.isObject()) {
                return true;
            }
        }
        return false;
    }

    /** The detail of an EventBridge event or of a notification rule's message. */
    private static JsonNode detail(Payload payload) {
        JsonNode more = payload.at("additionalAttributes");
        if (!more.isObject() || more.isEmpty()) {
            return payload.at("detail");
        }
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.setAll((ObjectNode) more);
        return payload.at("detail") instanceof ObjectNode detail ? both.setAll(detail) : both;
    }

    private static String text(JsonNode json, List<Facts.Fact> facts, int more) {
        if (more > 0) {
            return more + (more == 1 ? " more value is not shown." : " more values are not shown.");
        }
        return facts.isEmpty() && json.isContainerNode() && json.isEmpty() ? "The message is empty." : "";
    }

    private static String title(Payload payload, String kind, List<Facts.Fact> facts) {
        String subject = SUBJECTS.stream()
                .flatMap(name -> facts.stream()
                        .filter(fact ->
                                fact.depth() <= 2 && !fact.isMasked() && name.equals(String.join("", fact.words())))
                        .map(Facts.Fact::value)
                        .limit(1))
                .findFirst()
                .map(name -> name.startsWith("arn:") ? name.replaceAll(".*[:/]", "") : name)
                .orElse(null);
        String state = StatusWords.nearest(facts).stream()
                .sorted(Comparator.comparing(StatusWords::isGrade))
                .map(Facts.Fact::value)
                .findFirst()
                .orElse(null);
        String what = Stream.of(subject, state)
                .filter(Objects::nonNull)
                .reduce((name, word) -> name.equals(word) ? name : name + " " + word)
                .orElse(null);
        if (kind != null) {
            return what == null && payload.firstText("source") != null
                    ? kind + " (" + payload.firstText("source") + ")"
                    : Notice.titled(kind, what);
        }
        String said = payload.subject();
        if (said == null || said.isBlank()) {
            return Notice.oneLine(what, "Message");
        }
        boolean repeats = state == null || said.toLowerCase(Locale.ROOT).contains(state.toLowerCase(Locale.ROOT));
        return repeats ? said : Notice.titled(said, what);
    }

    private static String console(Payload payload, List<Facts.Fact> facts, String region) {
        return Stream.concat(
                        payload.list("resources").stream().map(Notice::value),
                        facts.stream().map(Facts.Fact::value))
                .filter(value -> value != null && value.startsWith("arn:"))
                .map(arn -> ConsoleLinks.resource(region, arn))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
