package io.ecssteward.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.outcome.Action;
import io.ecssteward.slack.SlackMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A message that people would have got.
 *
 * @param channel Slack's, or {@value #TOPIC}
 * @param key what the alert is about; empty where a route posted something that is no alert
 * @param state firing, resolved or info; empty like the key
 * @param severity in lower case; empty like the key
 * @param rest the fields and the links, to be compared
 */
public record SentAlert(
        String channel, String key, String state, String severity, String title, String text, String rest) {

    /** The channel of what is published to SNS. */
    public static final String TOPIC = "(SNS topic)";

    /**
     * What an event led to.
     *
     * @param effects all of its effects, in order
     * @param posted for each of those on Slack the alert it was made of, roughly in the same order
     */
    public static List<SentAlert> of(List<Action> effects, List<Optional<Alert>> posted) {
        List<SentAlert> told = new ArrayList<>();
        List<Optional<Alert>> left = new ArrayList<>(posted);
        for (Action effect : effects) {
            if (effect.sink().equals("slack")) {
                Optional<Alert> alert = take(left, effect);
                told.add(alert.map(a -> of(effect.about(), a))
                        .orElseGet(() -> written(effect.about(), effect.request())));
            } else if (effect.sink().equals("sns")) {
                told.add(published(effect.request()));
            }
        }
        // Routes work at the same time, and a report should be the same each time.
        told.sort(Comparator.comparing(SentAlert::channel)
                .thenComparing(SentAlert::key)
                .thenComparing(SentAlert::title));
        return told;
    }

    /** The alert that an effect was made of: the next, unless routes that work at the same time have mixed them up. */
    private static Optional<Alert> take(List<Optional<Alert>> left, Action effect) {
        if (left.isEmpty()) {
            return Optional.empty();
        }
        int found = 0;
        for (int i = 0; i < left.size() && left.size() > 1; i++) {
            JsonNode text =
                    left.get(i).map(a -> SlackMessage.of(a).path("text")).orElse(null);
            if (effect.request().path("text").equals(text)) {
                found = i;
                break;
            }
        }
        return left.remove(found);
    }

    private static SentAlert of(String channel, Alert alert) {
        String title = alert.title().isBlank() ? alert.key() : alert.title();
        String rest =
                alert.fields() + " " + alert.links() + (alert.slackPayload() == null ? "" : " " + alert.slackPayload());
        return new SentAlert(
                channel, alert.key(), word(alert.state()), word(alert.severity()), title, alert.text(), rest);
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

    private static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return channel + "  " + (severity.isEmpty() ? "" : severity + " " + state + "  ") + title;
    }
}
