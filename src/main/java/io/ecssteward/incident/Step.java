package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One request to Slack on the way to showing an incident correctly. It is the body of an exchange to a {@code slack:}
 * endpoint, which replies with a {@link Posted} body or an exception.
 */
public sealed interface Step {

    /** The incident as it should be shown. */
    Incident incident();

    /**
     * A new message in the channel. With a bot token it is edited later; with a webhook, each update is a new message.
     *
     * @param lines the lines that it shows; with a webhook, all new ones
     * @param attempt the number of the attempt, for the message's metadata
     */
    record NewMessage(Incident incident, List<StoryLine> lines, int attempt) implements Step {}

    /** An edit, so that the message shows the incident as it is now. */
    record Edit(Incident incident) implements Step {}

    /**
     * A reply in the thread of the message.
     *
     * @param lines the lines that it shows
     * @param broadcast whether Slack also shows it in the channel
     * @param attempt the number of the attempt, for the reply's metadata
     */
    record Reply(Incident incident, List<StoryLine> lines, boolean broadcast, int attempt) implements Step {}

    /**
     * Where Slack put a message.
     *
     * @param channel Slack's id of the channel; null if unknown, as with webhooks
     * @param ts the message's timestamp; null if unknown, and for a digest of several incidents
     */
    record Posted(String channel, String ts) {}

    /**
     * The main alert of a message: with a webhook, one that the message shows for the first time, otherwise the worst;
     * null if no alert ever fired.
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
