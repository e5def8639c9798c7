package io.ecssteward.slack;

import static io.ecssteward.slack.SlackMessage.BETWEEN;
import static io.ecssteward.slack.SlackMessage.JSON;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Severity;
import io.ecssteward.limits.SlackLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Renders several alerts as one Slack message, beside a bar in the color of the most severe. Alerts that say the same
 * about the same resource are shown once, with their number.
 *
 * <pre>
 * \uD83D\uDEA8 9 alerts: 7 firing, 2 resolved
 * | \uD83D\uDEA8 *prod/web cannot place a task* \u00d73
 * | No container instance met all of its requirements.
 * | Since today 10:02  \u00b7  View in console  \u00b7  Runbook
 * | \u2705 *prod/checkout is back to normal*
 * | Today 10:04
 * | 9 alerts  \u00b7  1 critical  \u00b7  6 error  \u00b7  2 warning
 * </pre>
 */
final class Digest {

    /** Our own limit: lines of an alert's text that a digest shows, fewer if space is short. */
    private static final int LINES = 3;

    /** Our own limit: characters of a title that even the fullest digest shows. */
    private static final int TITLE = 150;

    /** How much of each text and of each alert's links to show, the largest first: texts are cut before links. */
    private static final List<Budget> BUDGETS = List.of(
            new Budget(300, 1000),
            new Budget(150, 1000),
            new Budget(75, 1000),
            new Budget(0, 1000),
            new Budget(0, 500),
            new Budget(0, 250),
            new Budget(0, 0));

    private record Budget(int text, int links) {}

    /** Alerts with an equal one of these are shown once. */
    private record Same(Alert.State state, String key, String title) {}

    /**
     * What the digest shows about alerts that say the same.
     *
     * @param text the beginning of the newest alert's text
     * @param when when it began, as mrkdwn; empty if unknown
     * @param links the links of all its alerts, as mrkdwn
     */
    private record Thing(String symbol, String title, int times, String text, String when, List<String> links) {

        static Thing of(Same same, List<Alert> alerts) {
            Alert newest = alerts.get(alerts.size() - 1);
            String since = same.state() == Alert.State.FIRING ? "Since " : "";
            return new Thing(
                    SlackMessage.symbol(newest),
                    same.title(),
                    alerts.size(),
                    Mrkdwn.plain(beginning(newest.text()), BUDGETS.get(0).text()),
                    alerts.stream()
                            .map(Alert::time)
                            .filter(Objects::nonNull)
                            .min(Comparator.naturalOrder())
                            .map(time -> Mrkdwn.date(since, time))
                            .orElse(""),
                    SlackMessage.links(alerts.stream()
                            .flatMap(alert -> TextLinks.of(alert).stream())
                            .distinct()
                            .toList()));
        }
    }

    private Digest() {}

    static ObjectNode of(List<Alert> alerts) {
        Alert worst = alerts.stream()
                .min(Comparator.comparing((Alert a) -> a.state() == Alert.State.RESOLVED)
                        .thenComparing(Alert::severity)
                        .thenComparing(Alert::state))
                .orElseThrow();
        String count = alerts.size() + " alerts";
        String summary = count + ": " + counted(alerts, Alert::state, Alert.State.values(), ", ");
        ArrayNode header = SlackMessage.header(SlackMessage.symbol(worst) + " " + summary);
        SlackMessage.mention(
                header,
                alerts.stream()
                        .map(Alert::mention)
                        .filter(Objects::nonNull)
                        .flatMap(mention -> Arrays.stream(mention.split(" ")))
                        .distinct()
                        .collect(Collectors.joining(" ")));
        ObjectNode footer =
                SlackMessage.context(count + BETWEEN + counted(alerts, Alert::severity, Severity.values(), BETWEEN));
        int max = SlackLimits.ALL_BLOCKS - header.toString().length();
        List<Thing> things = things(alerts);
        ArrayNode blocks = BUDGETS.stream()
                .map(budget -> blocks(things, footer, budget))
                .filter(fitting -> fitting.toString().length() <= max)
                .findFirst()
                .orElseThrow();
        return SlackMessage.message(
                summary + ": " + SlackMessage.title(worst), header, SlackMessage.color(worst), blocks);
    }

    private static List<Thing> things(List<Alert> alerts) {
        Map<Same, List<Alert>> things = new LinkedHashMap<>();
        for (Alert alert : alerts) {
            Same same = new Same(alert.state(), alert.key(), Mrkdwn.plain(SlackMessage.title(alert), TITLE));
            things.computeIfAbsent(same, key -> new ArrayList<>()).add(alert);
        }
        return things.entrySet().stream()
                .map(thing -> Thing.of(thing.getKey(), thing.getValue()))
                .toList();
    }

    /** How many there are of each kind, in the kinds' order: "7 firing, 2 resolved". */
    private static <E extends Enum<E>> String counted(
            List<Alert> alerts, Function<Alert, E> kind, E[] kinds, String between) {
        Map<E, Long> counts = alerts.stream().collect(Collectors.groupingBy(kind, Collectors.counting()));
        return Arrays.stream(kinds)
                .filter(counts::containsKey)
                .map(k -> counts.get(k) + " " + EnumWord.of(k))
                .collect(Collectors.joining(between));
    }

    private static ArrayNode blocks(List<Thing> things, ObjectNode footer, Budget budget) {
        ArrayNode blocks = JSON.arrayNode();
        for (Thing thing : things) {
            blocks.add(SlackMessage.section(said(thing, budget)));
            String details = Stream.of(thing.when(), SlackMessage.line(thing.links(), budget.links()))
                    .filter(detail -> !detail.isEmpty())
                    .collect(Collectors.joining(BETWEEN));
            if (!details.isEmpty()) {
                blocks.addObject().put("type", "context").putArray("elements").add(SlackMessage.mrkdwn(details));
            }
        }
        return blocks.add(footer);
    }

    /** The title and the beginning of the text. The title is bold, unless Slack would format one of the two. */
    private static ObjectNode said(Thing thing, Budget budget) {
        String title = thing.title();
        String text = budget.text() == 0 ? "" : Mrkdwn.plain(thing.text(), budget.text());
        String times = thing.times() == 1 ? "" : " \u00d7" + thing.times();
        String below = text.isEmpty() ? "" : "\n" + text;
        boolean asItIs = Mrkdwn.escape(title, TITLE).equals(title) && !Mrkdwn.formats(title) && !Mrkdwn.formats(text);
        return asItIs
                ? SlackMessage.mrkdwn(thing.symbol() + " *" + title + "*" + times
                        + Mrkdwn.escape(below, SlackLimits.SECTION - 2 * TITLE))
                : SlackMessage.plain(thing.symbol() + " " + title + times + below, SlackLimits.SECTION);
    }

    private static String beginning(String text) {
        return text.strip().lines().filter(line -> !line.isBlank()).limit(LINES).collect(Collectors.joining("\n"));
    }
}
