package io.ecssteward.slack;

import java.util.List;

/**
 * A button or a menu of a message.
 *
 * @param name the action's name, as in the URI of its route, {@code slack-action:NAME}
 * @param label the text on it
 * @param style {@code primary}, {@code danger}, or null for neither
 * @param options the choices of a menu; empty for a plain button
 * @see <a href="https://docs.slack.dev/reference/block-kit/block-elements/button-element">Button element</a>
 * @see <a href="https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element">Select menu element</a>
 */
public record ActionButton(String name, String label, String style, List<String> options) {

    public ActionButton {
        options = List.copyOf(options);
    }
}
