package io.ecssteward.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.limits.SlackLimits;

/**
 * The data that a button, or the block around a menu, carries, so that a click can be handled without looking anything
 * up. Slack stores it and returns it unchanged: as {@code value} of a button, and as {@code block_id} of a menu, which
 * has no value of its own.
 *
 * <pre>
 * ActionValue value = ActionValue.read(pressed.path("value").asText(pressed.path("block_id").asText()));
 * value.into(detail);                            // incident, about, text, confirmed, expect
 * SlackAction.message(value.identity(user, action, actionTs), at, detail);
 * </pre>
 *
 * <p>The choice from a menu is {@code selected_option.value}; use it as {@code text}.
 *
 * @param incident the id of the incident; null if the button belongs to none
 * @param about the resource that the incident is about; null if unknown
 * @param text the text that was chosen or typed, which a confirmation repeats; null for none
 * @param asked in a confirmation, the identity of the click that it confirms; null elsewhere
 * @param expect in a confirmation, the state that must still hold when it is clicked; null for none
 */
public record ActionValue(String incident, String about, String text, String asked, String expect) {

    /** Our own limit: one line. Longer text is no command. */
    private static final int TEXT = 500;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The data of the buttons on an incident's message. */
    public static ActionValue of(String incident, String about) {
        return new ActionValue(incident, about, null, null, null);
    }

    /** Parses a value or a block_id; every component is null if Steward did not write it. Never throws. */
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

    /** Whether the button belongs to a confirmation. */
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
     * As a {@code block_id}; {@code about} is left out if it is too long.
     *
     * @param state a number that grows with each edit: Slack requires a new id, and then clears the previous choice
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

    /** Writes it into the detail of a {@link io.ecssteward.event.SlackAction}. */
    public void into(ObjectNode detail) {
        put(detail, "incident", incident);
        put(detail, "about", about);
        put(detail, "text", text);
        put(detail, "expect", expect);
        detail.put("confirmed", confirmed());
    }

    /**
     * The identity of this click, for {@link io.ecssteward.event.SlackAction#message}. A confirmation has one identity,
     * however often it is clicked.
     *
     * @param user Slack's id of the person
     * @param action the name of the action
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
