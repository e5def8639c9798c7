package io.ecssteward.socket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.SlackAction;
import io.ecssteward.slack.ActionValue;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;

/**
 * Reads the envelopes that Slack sends in Socket Mode.
 *
 * <pre>
 * {"envelope_id": "dbdd0ef3", "type": "interactive", "accepts_response_payload": true,
 *  "payload": {"type": "block_actions", "user": {"id": "U012AB3CD", "username": "alex"},
 *              "container": {"message_ts": "1763373500.000100", "channel_id": "C024BE91L"},
 *              "response_url": "https://hooks.slack.com/actions/T0/1/x",
 *              "actions": [{"action_id": "roll-back", "value": "{...}", "action_ts": "1763373600.123456"}]}}
 *
 * {"envelope_id": "08cfc559", "type": "slash_commands", "accepts_response_payload": true,
 *  "payload": {"command": "/steward", "text": "redeploy prod/web", "user_id": "U012AB3CD", "user_name": "alex",
 *              "channel_id": "C024BE91L", "trigger_id": "13345224609.738474920.8088930838d88f008e0",
 *              "response_url": "https://hooks.slack.com/commands/T0/1/x"}}
 * </pre>
 *
 * @see <a href="https://docs.slack.dev/apis/events-api/using-socket-mode">Slack: using Socket Mode</a>
 * @see <a href="https://docs.slack.dev/reference/interaction-payloads/block_actions-payload">Slack: block_actions</a>
 * @see <a href="https://docs.slack.dev/interactivity/implementing-slash-commands">Slack: slash commands</a>
 */
final class Envelope {
    private Envelope() {}

    static final String INTERACTIVE = "interactive";
    static final String COMMAND = "slash_commands";

    /** The message of a {@link SlackAction}; null if Steward does not handle the envelope. */
    static String message(JsonNode envelope, Clock clock) {
        JsonNode payload = envelope.path("payload");
        return switch (envelope.path("type").asText()) {
            case INTERACTIVE ->
                payload.path("type").asText().equals("block_actions")
                        ? pressed(payload, payload.path("actions").path(0), clock)
                        : null;
            case COMMAND -> typed(payload, clock);
            default -> null;
        };
    }

    /** Null for buttons that are links and for those of a custom route's own messages, which Slack sends as well. */
    private static String pressed(JsonNode payload, JsonNode pressed, Clock clock) {
        ActionValue value = ActionValue.read(
                pressed.has("value")
                        ? pressed.path("value").asText()
                        : pressed.path("block_id").asText());
        String action = pressed.path("action_id").asText();
        String user = payload.at("/user/id").asText();
        if (value.equals(ActionValue.read(null)) || action.isEmpty() || user.isEmpty()) {
            return null;
        }
        ObjectNode detail = detail(
                action,
                user,
                payload.path("user")
                        .path("username")
                        .asText(payload.at("/user/name").asText()),
                payload.at("/container/channel_id")
                        .asText(payload.at("/channel/id").asText()),
                payload);
        value.into(detail);
        put(detail, "text", pressed.at("/selected_option/value").asText());
        put(detail, "message", payload.at("/container/message_ts").asText());
        String ts = pressed.path("action_ts").asText();
        return SlackAction.message(value.identity(user, action, ts), at(ts, clock), detail);
    }

    private static String typed(JsonNode payload, Clock clock) {
        String[] words = payload.path("text").asText().strip().split("\\s+", 2);
        String action = words[0].isEmpty() ? "help" : words[0].toLowerCase(Locale.ROOT);
        String user = payload.path("user_id").asText();
        String trigger = payload.path("trigger_id").asText();
        if (user.isEmpty() || trigger.isEmpty()) {
            return null;
        }
        ObjectNode detail = detail(
                action,
                user,
                payload.path("user_name").asText(),
                payload.path("channel_id").asText(),
                payload);
        detail.put("text", words.length < 2 ? "" : words[1]);
        return SlackAction.message(user + "/" + action + "/" + trigger, clock.instant(), detail);
    }

    private static ObjectNode detail(String action, String user, String userName, String channel, JsonNode payload) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.put("action", action).put("text", "").put("confirmed", false).put("user", user);
        put(detail, "userName", userName);
        put(detail, "channel", channel);
        put(detail, "responseUrl", payload.path("response_url").asText());
        return detail;
    }

    private static void put(ObjectNode detail, String name, String value) {
        if (!value.isEmpty()) {
            detail.put(name, value);
        }
    }

    /** The time of the click: {@code 1763373600.123456}. */
    private static Instant at(String ts, Clock clock) {
        try {
            return Instant.ofEpochMilli(new BigDecimal(ts).movePointRight(3).longValue());
        } catch (NumberFormatException e) {
            return clock.instant();
        }
    }

    /** The envelope's type, for metrics. */
    static String type(JsonNode envelope) {
        String type = envelope.path("type").asText();
        return type.equals(INTERACTIVE) || type.equals(COMMAND) ? type : "other";
    }

    /** For the log: the click or command, and the person. */
    static String describe(JsonNode envelope) {
        JsonNode payload = envelope.path("payload");
        String what =
                envelope.path("type").asText() + " " + payload.path("type").asText() + " "
                        + payload.at("/actions/0/action_id").asText()
                        + payload.path("text").asText();
        String who = payload.at("/user/id").asText() + payload.path("user_id").asText();
        return (what.strip() + " by " + (who.isEmpty() ? "nobody" : who)).replaceAll("\\s+", " ");
    }
}
