package io.ecssteward.slack;

import static io.ecssteward.slack.SlackMessage.JSON;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentAlert;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.limits.SlackLimits;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The alerts of an incident that has several, one line each. An alert's text must not be lost because a more severe
 * alert is the headline: the latest firing alert shows its text below its line, and each alert's text is posted in the
 * thread when the alert joins.
 */
final class AlertList {

    /** Our own limit: characters of JSON that the list may take in the message. */
    private static final int LIST = 3500;

    private static final int TITLE = 120;

    /** Our own limit: characters of an alert's text that are shown if it is not the headline. */
    private static final int TEXT = 400;

    private static final Set<StoryLine.Kind> JOINED = Set.of(StoryLine.Kind.JOINED, StoryLine.Kind.ROSE);

    /** The kinds of lines that say that an alert fires. */
    private static final Set<StoryLine.Kind> BEGINNINGS =
            Set.of(StoryLine.Kind.OPENED, StoryLine.Kind.JOINED, StoryLine.Kind.ROSE, StoryLine.Kind.REOPENED);

    private AlertList() {}

    /**
     * All alerts, the firing ones first, as many as fit.
     *
     * @param headline the alert whose text the message already shows; null for none
     */
    static ObjectNode of(Incident incident, Alert headline) {
        List<IncidentAlert> alerts = incident.alerts().stream()
                .sorted(Comparator.comparing((IncidentAlert a) -> !a.firing())
                        .thenComparing(a -> a.latest().severity()))
                .toList();
        IncidentAlert latest = latest(incident, headline);
        StringBuilder lines = new StringBuilder();
        int shown = 0;
        for (IncidentAlert alert : alerts) {
            String symbol = alert.firing() ? SlackMessage.symbol(alert.latest()) : SlackMessage.ENDED;
            String text = alert == latest ? text(alert) : "";
            String line = symbol + " " + Mrkdwn.plain(SlackMessage.title(alert.latest()), TITLE)
                    + (alert.count() > 1 ? " \u00d7" + alert.count() : "")
                    + (text.isEmpty() ? "" : "\n" + text);
            if (lines.length() + line.length() > SlackLimits.SECTION - 30
                    || JSON.textNode(lines + line).toString().length() > LIST) {
                lines.append("\nand ").append(alerts.size() - shown).append(" more");
                break;
            }
            lines.append(lines.isEmpty() ? "" : "\n").append(line);
            shown++;
        }
        return SlackMessage.section(SlackMessage.plain(lines.toString(), SlackLimits.SECTION));
    }

    /**
     * The text of the alert that joins the incident by this line of the thread; empty if it has none beyond its title.
     */
    static String joined(Incident incident, StoryLine line) {
        return !JOINED.contains(line.kind())
                ? ""
                : incident.alerts().stream()
                        .filter(alert -> alert.key().equals(line.alert()))
                        .findFirst()
                        .map(AlertList::text)
                        .orElse("");
    }

    /** The firing alert that began last, except the headline; null for none. */
    private static IncidentAlert latest(Incident incident, Alert headline) {
        return incident.story().stream()
                .filter(line -> BEGINNINGS.contains(line.kind()) && line.alert() != null)
                .map(line -> incident.alerts().stream()
                        .filter(alert -> alert.firing() && alert.key().equals(line.alert()))
                        .findFirst()
                        .orElse(null))
                .filter(Objects::nonNull)
                .filter(alert -> headline == null || !alert.key().equals(headline.key()))
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    private static String text(IncidentAlert alert) {
        return Mrkdwn.plain(Mrkdwn.oneLine(alert.latest().text().strip()), TEXT);
    }
}
