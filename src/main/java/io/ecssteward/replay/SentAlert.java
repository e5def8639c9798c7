package io.ecssteward.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.outcome.Action;
import io.ecssteward.slack.SlackText;
import java.util.Comparator;
import java.util.List;

/**
 * A message to people.
 *
 * @param channel Slack's channel, or {@value #TOPIC}
 * @param key the alert's key; empty if a route posted something other than an alert
 * @param state firing, resolved or info; empty like the key
 * @param severity in lower case; empty like the key
 * @param rest the fields and the links, to be compared
 */
public record SentAlert(
        String channel, String key, String state, String severity, String title, String text, String rest) {

    /** The channel of alerts that are published to SNS. */
    public static final String TOPIC = "(SNS topic)";

    /** The new messages among an event's actions, without edits and replies. */
    public static List<SentAlert> of(List<Action> actions) {
        return actions.stream()
                .filter(action -> action.sink().equals("slack") && Channels.isNew(action)
                        || action.sink().equals("sns"))
                .map(SentAlert::of)
                // Sorted, because routes may run in parallel, and a report should be the same each time.
                .sorted(Comparator.comparing(SentAlert::channel)
                        .thenComparing(SentAlert::key)
                        .thenComparing(SentAlert::title))
                .toList();
    }

    private static SentAlert of(Action action) {
        if (action.sink().equals("sns")) {
            return published(action.request());
        }
        return action.alert() == null ? written(action.about(), action.request()) : of(action.about(), action.alert());
    }

    private static SentAlert of(String channel, Alert alert) {
        String title = alert.title().isBlank() ? alert.key() : alert.title();
        String rest =
                alert.fields() + " " + alert.links() + (alert.slackPayload() == null ? "" : " " + alert.slackPayload());
        return new SentAlert(
                channel,
                alert.key(),
                EnumWord.of(alert.state()),
                EnumWord.of(alert.severity()),
                title,
                alert.text(),
                rest);
    }

    private static SentAlert written(String channel, JsonNode request) {
        List<String> lines = SlackText.lines(request);
        return new SentAlert(
                channel,
                "",
                "",
                "",
                lines.isEmpty() ? "" : lines.get(0),
                String.join("\n", lines.subList(Math.min(1, lines.size()), lines.size())),
                "");
    }

    private static SentAlert published(JsonNode request) {
        return new SentAlert(
                TOPIC,
                request.path("key").asText(),
                request.path("state").asText(),
                request.path("severity").asText(),
                request.path("Subject").asText(),
                request.path("Message").asText(),
                "");
    }

    @Override
    public String toString() {
        return channel + "  " + (severity.isEmpty() ? "" : severity + " " + state + "  ") + title;
    }
}
