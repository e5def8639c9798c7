package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * AWS has trouble with one of its services, or will change something of ours.
 *
 * <pre>
 * {"source": "aws.health", "detail-type": "AWS Health Event", "region": "us-west-2", "resources": ["i-abcd1111"],
 *  "detail": {"eventArn": "arn:aws:health:...", "service": "EC2", "eventTypeCode": "AWS_EC2_INSTANCE_...",
 *             "eventTypeCategory": "issue", "startTime": "Sat, 05 Jun 2016 15:10:09 GMT", "endTime": "...",
 *             "eventDescription": [{"language": "en_US", "latestDescription": "..."}],
 *             "affectedEntities": [{"entityValue": "i-abcd1111"}]}}
 * </pre>
 *
 * <p>An issue is ERROR, an accountNotification is INFO, all else (scheduledChange, investigation) is WARNING.
 *
 * @param payload what it was read from
 * @see <a href="https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html">AWS Health
 *     events EventBridge schema</a>
 */
public record HealthEvent(Payload payload) implements Event {

    static boolean recognises(Payload payload) {
        return Notice.is(payload, "aws.health", "AWS Health Event");
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    @Override
    public Alert alert() {
        String service = payload.firstText("detail.service");
        String code = payload.firstText("detail.eventTypeCode");
        return Notice.about(
                        this,
                        severity(),
                        Notice.titled("AWS Health event" + (service == null ? "" : " for " + service), code))
                .text(description())
                .field("Affected service", service)
                .field("Affected region", region())
                .field("Code", code)
                .field("Category", payload.text("detail.eventTypeCategory"))
                .field("Status", payload.text("detail.statusCode"))
                .field("Affected resources", resources())
                .field("Start", payload.text("detail.startTime"))
                .field("End", payload.text("detail.endTime"))
                .field("Account", Notice.either(payload.firstText("detail.affectedAccount"), account()))
                .link("View event", ConsoleLinks.health(region(), payload.firstText("detail.eventArn")))
                .build();
    }

    private Severity severity() {
        String category = payload.text("detail.eventTypeCategory");
        return switch (category == null ? "" : category) {
            case "issue" -> Severity.ERROR;
            case "accountNotification" -> Severity.INFO;
            default -> Severity.WARNING;
        };
    }

    /** The English description, or else the first one. */
    private String description() {
        var all = payload.list("detail.eventDescription");
        Stream<JsonNode> english =
                all.stream().filter(d -> d.path("language").asText().startsWith("en"));
        return Stream.concat(english, all.stream())
                .map(d -> Notice.value(d.path("latestDescription")))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    private String resources() {
        Stream<String> named = payload.list("resources").stream().map(Notice::value);
        Stream<String> entities = payload.list("detail.affectedEntities").stream()
                .map(entity -> Notice.value(entity.path("entityValue")));
        return String.join(
                ", ",
                Stream.concat(named, entities)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList());
    }
}
