package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * AWS Health reports an issue of a service, or a scheduled change of a resource.
 *
 * <pre>
 * {"source": "aws.health", "detail-type": "AWS Health Event", "region": "us-west-2", "resources": ["i-abcd1111"],
 *  "detail": {"eventArn": "arn:aws:health:...", "service": "EC2", "eventTypeCode": "AWS_EC2_INSTANCE_...",
 *             "eventTypeCategory": "issue", "startTime": "Sat, 05 Jun 2016 15:10:09 GMT", "endTime": "...",
 *             "eventDescription": [{"language": "en_US", "latestDescription": "..."}],
 *             "affectedEntities": [{"entityValue": "i-abcd1111"}]}}
 * </pre>
 *
 * <p>An open issue is ERROR and an accountNotification is INFO; anything else (scheduledChange, investigation), and any
 * upcoming event, is WARNING. A closed event is INFO, and a closed issue resolves its alert.
 *
 * @param payload the message that it was read from
 * @see <a href="https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html">AWS Health
 *     events EventBridge schema</a>
 */
public record HealthEvent(Payload payload) implements Event {

    static boolean recognizes(Payload payload) {
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
                .state(closed() && "issue".equals(category()) ? Alert.State.RESOLVED : Alert.State.INFO)
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

    private String category() {
        return Notice.either(payload.firstText("detail.eventTypeCategory"), "");
    }

    private boolean closed() {
        return "closed".equals(payload.text("detail.statusCode"));
    }

    private Severity severity() {
        if (closed() || category().equals("accountNotification")) {
            return Severity.INFO;
        }
        boolean now = !"upcoming".equals(payload.text("detail.statusCode"));
        return category().equals("issue") && now ? Severity.ERROR : Severity.WARNING;
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
                // Health writes a line break as two characters.
                .map(text -> text.replace("\\n", "\n"))
                .orElse("");
    }

    private String resources() {
        Stream<JsonNode> entities =
                payload.list("detail.affectedEntities").stream().map(entity -> entity.path("entityValue"));
        return Notice.names(
                Stream.concat(payload.list("resources").stream(), entities).toList());
    }
}
