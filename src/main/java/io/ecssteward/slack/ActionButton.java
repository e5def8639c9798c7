package io.ecssteward.slack;

import java.util.List;

/**
 * A button or a menu of a message.
 *
 * @param name of the action, as its route is called at {@code slack-action:}
 * @param label what stands on it
 * @param style {@code primary}, {@code danger}, or null for neither
 * @param options what can be chosen; empty for a plain button
 * @see <a href="https://docs.slack.dev/reference/block-kit/block-elements/button-element">Button element</a>
 * @see <a href="https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element">Select menu element</a>
 */
public record ActionButton(String name, String label, String style, List<String> options) {

    public ActionButton {
        options = List.copyOf(options);
    }
}
