package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One request to Slack that brings it closer to showing an incident as it is. The body of an exchange to a
 * {@code slack:} endpoint, which answers with a {@link Posted} as the body, or with an exception.
 */
public sealed interface Step {

    /** The incident as it should be shown. */
    Incident incident();

    /**
     * A message of its own: the one that will be edited, or with a webhook one more.
     *
     * @param lines what it tells, which with a webhook is all that is new
     * @param attempt for the message's metadata
     */
    record NewMessage(Incident incident, List<StoryLine> lines, int attempt) implements Step {}

    /** The message as it should look now. */
    record Edit(Incident incident) implements Step {}

    /**
     * A reply in the thread of the message.
     *
     * @param lines what it tells
     * @param broadcast whether the channel sees it too
     * @param attempt for the reply's metadata
     */
    record Reply(Incident incident, List<StoryLine> lines, boolean broadcast, int attempt) implements Step {}

    /**
     * Where Slack put a message.
     *
     * @param channel its id of the channel; null where it does not say, as with webhooks
     * @param ts the message; null if it does not say, and if the message is a digest of several incidents
     */
    record Posted(String channel, String ts) {}

    /**
     * The alert that a message is mainly about: with a webhook one that it is the first to tell, and otherwise the
     * worst; null when nothing ever fired.
     */
    default Alert headline() {
        Incident incident = incident();
        List<String> keys = this instanceof NewMessage message
                ? message.lines().stream().map(StoryLine::alert).toList()
                : List.of();
        return incident.alerts().stream()
                .filter(alert -> alert.firing() && keys.contains(alert.key()))
                .min(Comparator.comparing(alert -> alert.latest().severity()))
                .or(() -> Optional.ofNullable(incident.worst()))
                .map(IncidentAlert::latest)
                .orElse(null);
    }
}
