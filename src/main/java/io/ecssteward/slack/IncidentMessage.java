package io.ecssteward.slack;

import static io.ecssteward.slack.SlackMessage.BETWEEN;
import static io.ecssteward.slack.SlackMessage.JSON;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentAlert;
import io.ecssteward.incident.Step;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.limits.SlackLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Renders an incident as a Slack message, which is edited later, and its story as replies. With one alert it looks like
 * that alert ({@link SlackMessage}); with several it shows the most severe firing alert, and below it {@link AlertList
 * all of them}.
 *
 * <pre>
 * \uD83D\uDEA8 prod/web cannot place a task
 * | No container instance met all of its requirements.
 * | Cluster: prod   Service: web
 * | \uD83D\uDEA8 prod/web cannot place a task \u00d73
 * | \u26A0\uFE0F prod/web runs on-demand until 10:32 UTC at least
 * | Fargate Spot has no capacity for it: 1 of 4 tasks runs.
 * | \u2705 prod/web: 2 tasks stopped
 * | View in console  \u00b7  Runbook
 * | error  \u00b7  2 of 3 firing  \u00b7  since today 10:02  \u00b7  web-7f3a
 * </pre>
 *
 * <p>A mention stays in the message until a person acknowledges the incident: an edit without it would also remove it
 * for people who have not read it yet.
 */
final class IncidentMessage {

    /** Our own limit: characters of one line of the story. */
    private static final int LINE = 400;

    /** Our own limit: how many of the latest lines a webhook's message begins with. */
    private static final int LINES = 5;

    private static final int TITLE = 120;

    /** The kinds of lines for which people are @mentioned: the incident fires, or became more severe. */
    private static final Set<StoryLine.Kind> ALARMING =
            Set.of(StoryLine.Kind.OPENED, StoryLine.Kind.REOPENED, StoryLine.Kind.ROSE);

    private static final Set<StoryLine.Kind> ENDS =
            Set.of(StoryLine.Kind.RESOLVED, StoryLine.Kind.NO_NEWS, StoryLine.Kind.CLOSED);

    private IncidentMessage() {}

    /**
     * The request for a step. Edits and replies name the channel by Slack's id; the caller adds the channel of a new
     * message.
     *
     * @param edits whether the message can be edited later; a webhook's cannot, so each one begins with what is new
     * @param buttons the buttons and menus of the message
     */
    static ObjectNode of(Step step, boolean edits, List<ActionButton> buttons) {
        Incident incident = step.incident();
        if (step instanceof Step.Reply reply) {
            ObjectNode message = reply(reply);
            message.put("channel", incident.shown().channel())
                    .put("thread_ts", incident.shown().ts());
            if (reply.broadcast()) {
                message.put("reply_broadcast", true);
            }
            return IncidentMark.reply(message, incident, reply.attempt());
        }
        if (step instanceof Step.NewMessage posted) {
            ObjectNode message = message(step, edits ? List.of() : latest(posted), buttons);
            return edits ? IncidentMark.message(message, incident, posted.attempt()) : message;
        }
        ObjectNode edit = message(step, List.of(), buttons);
        // chat.update has neither option, and keeps the metadata if none is given.
        edit.remove(List.of("unfurl_links", "unfurl_media"));
        return edit.put("channel", incident.shown().channel())
                .put("ts", incident.shown().ts());
    }

    /** The people whom a step @mentions; empty for none. */
    static String mention(Step step) {
        List<StoryLine> lines = step instanceof Step.NewMessage posted
                ? posted.lines()
                : step instanceof Step.Reply reply ? reply.lines() : null;
        Incident incident = step.incident();
        boolean news = lines == null
                ? incident.status() == Incident.Status.OPEN
                : lines.stream().anyMatch(line -> ALARMING.contains(line.kind()));
        return !news || over(incident)
                ? ""
                : incident.alerts().stream()
                        .filter(IncidentAlert::firing)
                        .map(alert -> alert.latest().mention())
                        .filter(Objects::nonNull)
                        .flatMap(mention -> Arrays.stream(mention.split(" ")))
                        .distinct()
                        .collect(Collectors.joining(" "));
    }

    private static ObjectNode message(Step step, List<StoryLine> news, List<ActionButton> buttons) {
        Incident incident = step.incident();
        Alert worst = step.headline();
        String title = worst == null ? incident.about() : SlackMessage.title(worst);
        ArrayNode header = SlackMessage.header(symbol(incident) + " " + title);
        SlackMessage.mention(header, mention(step));
        List<ObjectNode> above = new ArrayList<>();
        news.forEach(line -> above.add(said(line, LINE)));
        if (over(incident)) {
            above.add(SlackMessage.section(SlackMessage.plain(ended(incident), SlackLimits.SECTION)));
        } else if (incident.flapping() != null) {
            above.add(SlackMessage.section(
                    SlackMessage.mrkdwn("It comes and goes. " + Mrkdwn.date("Flapping since ", incident.flapping())
                            + "; the thread is silent until it is calm.")));
        }
        List<ObjectNode> below = new ArrayList<>();
        if (incident.alerts().size() > 1) {
            below.add(AlertList.of(incident, worst));
        }
        Stream.of(StoryLine.Kind.MOVED, StoryLine.Kind.ACTED)
                .flatMap(kind -> last(incident, kind).stream())
                .filter(line -> !news.contains(line))
                .forEach(line -> below.add(said(line, LINE)));
        ObjectNode actions = ActionBlocks.of(buttons, incident);
        if (actions != null) {
            below.add(actions);
        }
        Alert shown = worst == null ? Alert.about(incident.about()).title(title).build() : worst;
        return SlackMessage.message(
                "[" + word(incident).toUpperCase(Locale.ROOT) + "] " + title,
                header,
                color(incident),
                SlackMessage.body(
                        over(incident) ? shown.change().text("").noFields().build() : shown,
                        TextLinks.of(shown),
                        above,
                        below,
                        footer(incident),
                        header.toString().length()));
    }

    /** The latest lines, which a webhook's message begins with, without the opening: the message itself shows that. */
    private static List<StoryLine> latest(Step.NewMessage posted) {
        List<StoryLine> lines = posted.lines().stream()
                .filter(line -> line.kind() != StoryLine.Kind.OPENED)
                .toList();
        return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
    }

    private static ObjectNode reply(Step.Reply reply) {
        ObjectNode message = JSON.objectNode();
        // A phone's notification shows only the title of a detail.
        String text = reply.lines().stream()
                .map(line -> StoryDetail.is(line) ? StoryDetail.title(line) : line.text())
                .collect(Collectors.joining("\n"));
        message.put("text", Mrkdwn.escape(text, SlackLimits.SECTION));
        message.put("unfurl_links", false).put("unfurl_media", false);
        ArrayNode blocks = message.putArray("blocks");
        int max = reply.lines().size() > 2 * LINES ? LINE / 3 : LINE;
        for (StoryLine line : reply.lines()) {
            blocks.add(StoryDetail.is(line) ? StoryDetail.block(line) : said(line, max));
            String more = max < LINE ? "" : AlertList.joined(reply.incident(), line);
            if (!more.isEmpty()) {
                blocks.add(SlackMessage.section(SlackMessage.plain(more, SlackLimits.SECTION)));
            }
        }
        SlackMessage.mention(blocks, mention(reply));
        return message;
    }

    /** A line with its time. Text that Slack would format is put beside it as plain text. */
    private static ObjectNode said(StoryLine line, int max) {
        String date = Mrkdwn.date("", line.at());
        String text = Mrkdwn.plain(line.text().strip(), max);
        if (!Mrkdwn.formats(text)) {
            return SlackMessage.section(SlackMessage.mrkdwn(date + BETWEEN + Mrkdwn.escape(text, max)));
        }
        ObjectNode context = JSON.objectNode().put("type", "context");
        context.putArray("elements").add(SlackMessage.mrkdwn(date)).add(SlackMessage.plain(text, max));
        return context;
    }

    private static List<StoryLine> last(Incident incident, StoryLine.Kind kind) {
        return incident.story().stream().filter(line -> line.kind() == kind).reduce((earlier, later) -> later).stream()
                .toList();
    }

    /** How the incident ended, according to its story. */
    private static String ended(Incident incident) {
        return incident.story().stream()
                .filter(line -> ENDS.contains(line.kind()))
                .reduce((earlier, later) -> later)
                .map(StoryLine::text)
                .orElse("Resolved.");
    }

    /** Severity, how many alerts fire, since when, who acknowledged it, and its id. */
    private static ObjectNode footer(Incident incident) {
        List<IncidentAlert> firing =
                incident.alerts().stream().filter(IncidentAlert::firing).toList();
        int all = incident.alerts().size();
        String state = incident.status() == Incident.Status.ACKNOWLEDGED
                ? "acknowledged by " + Mrkdwn.plain(Mrkdwn.oneLine(incident.acknowledgedBy()), TITLE)
                : word(incident);
        String many = all > 1 && !firing.isEmpty() ? firing.size() + " of " + all + " firing" : "";
        String times = all == 1 && incident.alerts().get(0).count() > 1
                ? "\u00d7" + incident.alerts().get(0).count()
                : "";
        String when = firing.stream()
                .map(IncidentAlert::first)
                .min(Comparator.naturalOrder())
                .map(first -> Mrkdwn.date("Since ", first))
                .orElseGet(() -> incident.resolved() == null ? "" : Mrkdwn.date("", incident.resolved()));
        boolean said = state.equals("firing") && !many.isEmpty();
        String beside = Stream.of(EnumWord.of(incident.severity()), said ? "" : state, many, times)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(BETWEEN));
        ObjectNode context = JSON.objectNode().put("type", "context");
        ArrayNode elements = context.putArray("elements");
        elements.add(SlackMessage.plain(beside, SlackLimits.HEADER * 2));
        if (!when.isEmpty()) {
            elements.add(SlackMessage.mrkdwn(when));
        }
        elements.add(SlackMessage.plain(incident.id(), SlackLimits.HEADER));
        return context;
    }

    private static boolean over(Incident incident) {
        return incident.status() == Incident.Status.RESOLVED;
    }

    /** Its state in one word, for the phone's notification. */
    private static String word(Incident incident) {
        if (over(incident)) {
            return "resolved";
        }
        // The acknowledgment is shown below; flapping is shown nowhere else, and a flapping incident may not fire right
        // now.
        if (incident.flapping() != null) {
            return "flapping";
        }
        return incident.status() == Incident.Status.ACKNOWLEDGED ? "acknowledged" : "firing";
    }

    private static String symbol(Incident incident) {
        return switch (word(incident)) {
            case "resolved" -> SlackMessage.ENDED;
            case "acknowledged" -> "\uD83D\uDC40";
            case "flapping" -> SlackMessage.symbol(Severity.WARNING);
            default -> SlackMessage.symbol(incident.severity());
        };
    }

    private static String color(Incident incident) {
        return switch (word(incident)) {
            case "resolved" -> SlackMessage.GREEN;
            case "flapping" -> SlackMessage.color(Severity.WARNING);
            default -> SlackMessage.color(incident.severity());
        };
    }
}
