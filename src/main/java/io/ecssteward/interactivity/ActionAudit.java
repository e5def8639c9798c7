package io.ecssteward.interactivity;

import io.ecssteward.event.SlackAction;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs each click and command in Slack, with its result. It always has the same fields: {@code action}, {@code user}
 * (Slack's id), {@code user_name}, {@code on}, {@code incident}, {@code text}, {@code pressed} (the time),
 * {@code event_id} and {@code outcome}.
 */
final class ActionAudit {

    private static final Logger LOG = LoggerFactory.getLogger("io.ecssteward.audit");

    private final Set<ActionListener> listeners;

    ActionAudit(CamelContext camel) {
        listeners = camel.getRegistry().findByType(ActionListener.class);
    }

    void over(SlackActionEndpoint endpoint, SlackAction action, String outcome) {
        String on = action.service() != null ? action.cluster() + "/" + action.service() : text(action.about());
        LOG.atInfo()
                .addKeyValue("action", endpoint.getName())
                .addKeyValue("user", action.user())
                .addKeyValue("user_name", action.userName())
                .addKeyValue("on", on)
                .addKeyValue("incident", text(action.incident()))
                .addKeyValue("text", action.text())
                .addKeyValue(
                        "pressed", action.time() == null ? "" : action.time().toString())
                .addKeyValue("event_id", action.identity())
                .addKeyValue("outcome", outcome)
                .log("{} ({}): {} {}: {}", action.userName(), action.user(), endpoint.getName(), on, outcome);
        listeners.forEach(listener -> listener.over(endpoint.getName(), outcome));
    }

    private static String text(String known) {
        return known == null ? "" : known;
    }
}
