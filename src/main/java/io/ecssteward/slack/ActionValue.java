package io.ecssteward.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.limits.SlackLimits;

/**
 * The data that a button, or the block around a menu, carries, so that a click can be handled without looking anything
 * up. Slack keeps it, and hands it back as it is: as {@code value} of a button, and as {@code block_id} of a menu,
 * which has no value of its own.
 *
 * <pre>
 * ActionValue value = ActionValue.read(pressed.path("value").asText(pressed.path("block_id").asText()));
 * value.into(detail);                            // incident, about, text, confirmed, expect
 * SlackAction.message(value.identity(user, action, actionTs), at, detail);
 * </pre>
 *
 * <p>What was chosen from a menu is {@code selected_option.value}, and stands for {@code text}.
 *
 * @param incident the id of the incident; null when it is about none
 * @param about what the incident is about; null when that is not known
 * @param text what was chosen or typed, which a confirmation repeats; null for nothing
 * @param asked in a confirmation, what tells apart the act that it confirms; null elsewhere
 * @param expect in a confirmation, what has to be so that it still holds; null for nothing
 */
public record ActionValue(String incident, String about, String text, String asked, String expect) {

    /** Ours: a line; what is longer is nothing that a command says. */
    private static final int TEXT = 500;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where an incident's own buttons stand. */
    public static ActionValue of(String incident, String about) {
        return new ActionValue(incident, about, null, null, null);
    }

    /** What a value or a block_id says; all null when it is none of ours. Never throws. */
    public static ActionValue read(String written) {
        JsonNode json;
        try {
            json = JSON.readTree(written == null || written.isBlank() ? "{}" : written);
        } catch (JsonProcessingException e) {
            json = JsonNodeFactory.instance.objectNode();
        }
        return new ActionValue(
                text(json, "incident"),
                text(json, "about"),
                text(json, "text"),
                text(json, "asked"),
                text(json, "expect"));
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).isTextual() ? json.path(name).asText() : null;
    }

    /** Whether the button is one of a confirmation. */
    public boolean confirmed() {
        return asked != null;
    }

    /** As the {@code value} of a button. */
    public String value() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, "incident", incident);
        put(json, "about", about);
        put(json, "text", text == null || text.length() <= TEXT ? text : text.substring(0, TEXT));
        put(json, "asked", asked);
        put(json, "expect", expect);
        return json.toString();
    }

    /**
     * As a {@code block_id}, without what it is about where that is too long.
     *
     * @param state goes up with each edit: Slack wants another id then, and forgets what somebody chose before
     */
    public String blockId(int state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, "incident", incident);
        put(json, "about", about);
        json.put("state", state);
        if (json.toString().length() > SlackLimits.BLOCK_ID) {
            json.remove("about");
        }
        return json.toString();
    }

    /** Puts it into the detail of a {@link io.ecssteward.event.SlackAction}. */
    public void into(ObjectNode detail) {
        put(detail, "incident", incident);
        put(detail, "about", about);
        put(detail, "text", text);
        put(detail, "expect", expect);
        detail.put("confirmed", confirmed());
    }

    /**
     * The identity of this click, for {@link io.ecssteward.event.SlackAction#message}. However often a confirmation is
     * pressed, it is one act.
     *
     * @param user Slack's id of the person
     * @param action what the button does
     * @param at Slack's {@code action_ts}
     */
    public String identity(String user, String action, String at) {
        return user + "/" + action + "/" + (confirmed() ? asked + "/confirmed" : at);
    }

    private static void put(ObjectNode json, String name, String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
