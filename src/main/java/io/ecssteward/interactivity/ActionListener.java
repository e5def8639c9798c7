package io.ecssteward.interactivity;

/** Is notified of the result of each click and command in Slack. Bind one in the registry; it must be thread-safe. */
@FunctionalInterface
public interface ActionListener {

    /**
     * A click or command ended.
     *
     * @param action the action's name, as in the URI of its route
     * @param outcome {@code acted}, {@code asked} for a confirmation, {@code answered}, {@code refused},
     *     {@code failed}, or the word of the reason why the action was skipped
     */
    void over(String action, String outcome);
}
