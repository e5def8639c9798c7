package io.ecssteward.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A person clicked a button in Slack, or typed the slash command. ECS Steward sends these to its own queue as soon as
 * Slack delivers them, so that none is lost; the routes at {@code slack-action:} act on them.
 *
 * <pre>
 * {"version": "0", "id": "slack-action/U012AB3CD/roll-back/1763373600.123456", "source": "ecs-steward",
 *  "detail-type": "Slack Action", "time": "2026-11-17T10:00:00Z",
 *  "detail": {"action": "roll-back", "text": "", "confirmed": false, "user": "U012AB3CD", "userName": "alex",
 *             "channel": "C024BE91L", "message": "1763373500.000100", "incident": "web-7f3a",
 *             "about": "service/111122223333/eu-west-1/prod/web",
 *             "responseUrl": "https://hooks.slack.com/actions/T0/1/x"}}
 * </pre>
 *
 * <p>{@code text} is the choice from a menu ({@code 4h}) or, with the slash command, the text after its first word.
 * Unknown fields are null: the slash command has neither {@code message} nor {@code incident}.
 *
 * @param payload the message that it was read from
 */
public record SlackAction(Payload payload) implements Event {

    /** The detail-type of clicks and commands in Slack. */
    public static final String DETAIL_TYPE = "Slack Action";

    private static final Pattern SERVICE = Pattern.compile("service/([^/]*)/([^/]*)/([^/]+)/([^/]+)");
    private static final Pattern TYPED = Pattern.compile("([^/\\s]+)/([^/\\s]+)(\\s.*)?");

    static SlackAction read(Payload payload) {
        payload.require("a Slack action", "id", "detail.action", "detail.user");
        return new SlackAction(payload);
    }

    /**
     * The message to send to the queue.
     *
     * @param identity the identity of the click or command; duplicates have the same
     * @param at when the person did it
     * @param detail as above
     * @return JSON
     */
    public static String message(String identity, Instant at, ObjectNode detail) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "0");
        json.put("id", "slack-action/" + identity);
        json.put("source", FollowUp.SOURCE);
        json.put("detail-type", DETAIL_TYPE);
        json.put("time", at.toString());
        return json.set("detail", detail).toString();
    }

    @Override
    public String identity() {
        return payload.text("id");
    }

    /** The action's name, as in the URI of its route: {@code redeploy}. */
    public String action() {
        return payload.text("detail.action");
    }

    /** The text that was chosen, or typed after the action, without backticks; empty if there is none. */
    public String text() {
        String text = payload.firstText("detail.text");
        return text == null ? "" : text.replace("`", "").strip();
    }

    /** Whether the person clicked the confirmation. */
    public boolean confirmed() {
        return payload.at("detail.confirmed").asBoolean();
    }

    /** Slack's id of the person. */
    public String user() {
        return payload.text("detail.user");
    }

    /** The person's name, or else the id. */
    public String userName() {
        String name = payload.firstText("detail.userName");
        return name == null ? user() : name;
    }

    /** The id of the incident whose message has the button; null with the slash command. */
    public String incident() {
        return payload.firstText("detail.incident");
    }

    /** What that incident is about; null if unknown. */
    public String about() {
        return payload.firstText("detail.about");
    }

    /** A copy of this action, of an incident that is about this. */
    public SlackAction about(String what) {
        ObjectNode json = payload.json().deepCopy();
        json.withObject("/detail").put("about", what);
        return new SlackAction(new Payload(json, payload.subject(), payload.messageId(), payload.attributes()));
    }

    /** The URL to which answers can be sent for 30 minutes; null if Slack sent none. */
    public String responseUrl() {
        return payload.firstText("detail.responseUrl");
    }

    private String of(int part) {
        String about = about();
        Matcher service = SERVICE.matcher(about == null ? "" : about);
        if (service.matches()) {
            String named = service.group(part);
            return named.isEmpty() ? null : named;
        }
        Matcher typed = TYPED.matcher(text());
        return part > 2 && about == null && typed.matches() ? typed.group(part - 2) : null;
    }

    @Override
    public String account() {
        return of(1);
    }

    @Override
    public String region() {
        return of(2);
    }

    @Override
    public String cluster() {
        return of(3);
    }

    @Override
    public String service() {
        return of(4);
    }

    /** An alert without an end, which says what the person did. */
    @Override
    public Alert alert() {
        return Notice.about(this, Severity.INFO, userName() + ": " + action())
                .field("Incident", incident())
                .field("Cluster", cluster())
                .field("Service", service())
                .field("Choice", text())
                .build();
    }
}
