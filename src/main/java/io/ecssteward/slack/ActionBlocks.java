package io.ecssteward.slack;

import static io.ecssteward.slack.SlackMessage.JSON;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Redactor;
import io.ecssteward.incident.Incident;
import io.ecssteward.limits.SlackLimits;
import java.util.List;

/**
 * Renders buttons, menus and answers as Slack blocks.
 *
 * @see <a href="https://docs.slack.dev/reference/block-kit/blocks/actions-block">Actions block</a>
 */
public final class ActionBlocks {

    /** The action of the button that cancels a confirmation. */
    public static final String CANCEL = "cancel";

    /** Our own limit: characters of JSON that all buttons of a message may take together. */
    static final int SIZE = 3000;

    private ActionBlocks() {}

    /** The buttons of an incident, as many as fit; null if there are none. */
    static ObjectNode of(List<ActionButton> buttons, Incident incident) {
        ActionValue value = ActionValue.of(incident.id(), incident.about());
        ObjectNode block = JSON.objectNode().put("type", "actions");
        block.put("block_id", value.blockId(incident.state()));
        ArrayNode elements = block.putArray("elements");
        int used = 0;
        for (ActionButton button : buttons) {
            ObjectNode element = button.options().isEmpty() ? button(button, value) : menu(button);
            used += element.toString().length();
            if (elements.size() == SlackLimits.ELEMENTS || used > SIZE) {
                break;
            }
            elements.add(element);
        }
        return elements.isEmpty() ? null : block;
    }

    private static ObjectNode button(ActionButton button, ActionValue value) {
        ObjectNode element = JSON.objectNode().put("type", "button").put("action_id", button.name());
        element.set("text", SlackMessage.plain(button.label(), SlackLimits.LABEL));
        element.put("value", value.value());
        if (button.style() != null) {
            element.put("style", button.style());
        }
        return element;
    }

    private static ObjectNode menu(ActionButton button) {
        ObjectNode element = JSON.objectNode().put("type", "static_select").put("action_id", button.name());
        element.set("placeholder", SlackMessage.plain(button.label(), SlackLimits.LABEL));
        ArrayNode options = element.putArray("options");
        button.options()
                .forEach(option -> options.addObject()
                        .put("value", option)
                        .set("text", SlackMessage.plain(option, SlackLimits.OPTION)));
        return element;
    }

    /**
     * An answer to a person who clicked a button or used a command.
     *
     * @param everyone whether the whole channel sees the answer, rather than only that person
     * @param replace whether the answer replaces the message that has the button
     */
    public static ObjectNode answer(String text, boolean everyone, boolean replace) {
        return answer(text, everyone, replace, null, null);
    }

    /**
     * An answer with a button.
     *
     * @param button null for none
     * @param value the data that the button carries
     */
    public static ObjectNode answer(
            String text, boolean everyone, boolean replace, ActionButton button, ActionValue value) {
        String clean = Redactor.text(text);
        ObjectNode message = JSON.objectNode()
                .put("response_type", everyone ? "in_channel" : "ephemeral")
                .put("replace_original", replace)
                .put("text", Mrkdwn.escape(clean, SlackLimits.SECTION));
        ArrayNode blocks = message.putArray("blocks");
        blocks.add(SlackMessage.section(SlackMessage.plain(clean, SlackLimits.SECTION)));
        if (button != null) {
            blocks.addObject().put("type", "actions").putArray("elements").add(button(button, value));
        }
        return message;
    }

    /**
     * A request for a confirmation.
     *
     * @param text what will happen
     * @param button the button that does it
     * @param value the data that the button carries about the request
     */
    public static ObjectNode confirmation(String text, ActionButton button, ActionValue value) {
        ObjectNode message = answer(text, false, false);
        ArrayNode elements = message.withArray("blocks")
                .addObject()
                .put("type", "actions")
                .put("block_id", ActionValue.of(value.incident(), null).blockId(0))
                .putArray("elements");
        elements.add(button(button, value));
        elements.add(button(
                new ActionButton(CANCEL, "Cancel", null, List.of()),
                new ActionValue(null, null, null, value.asked(), null)));
        return message;
    }
}
