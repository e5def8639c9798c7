package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;

/**
 * A message in Slack's own format. It is posted unchanged, except that mentions of channels and groups become text
 * unless a setting allows them.
 *
 * <pre>
 * {"text": "Backup done", "attachments": [{"color": "good", "text": "..."}], "blocks": [...]}
 * </pre>
 *
 * <p>Its severity is INFO, because the payload sets its own colors.
 *
 * @param payload the message that it was read from
 * @see <a href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks">Slack: incoming webhooks</a>
 */
public record SlackPayload(Payload payload) implements Event {

    /** Whether it is an object with something to show, and with no field of a type that Slack would refuse. */
    static boolean recognizes(Payload payload) {
        JsonNode json = payload.json();
        if (!json.isObject() || json.has("source") || json.has("AlarmName")) {
            return false;
        }
        JsonNode text = json.path("text");
        JsonNode attachments = json.path("attachments");
        JsonNode blocks = json.path("blocks");
        boolean fits = (text.isMissingNode() || text.isTextual())
                && (attachments.isMissingNode() || attachments.isArray())
                && (blocks.isMissingNode() || blocks.isArray());
        return fits && (!text.asText().isBlank() || !attachments.isEmpty() || !blocks.isEmpty());
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    @Override
    public Alert alert() {
        String shown = payload.firstText(
                "text",
                "attachments.0.fallback",
                "attachments.0.title",
                "attachments.0.pretext",
                "attachments.0.text",
                "blocks.0.text.text");
        return Notice.about(this, Severity.INFO, Notice.either(shown, payload.subject()))
                .text(payload.firstText("text"))
                .slackPayload(payload.json())
                .build();
    }
}
