package io.ecssteward.slack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Field;
import io.ecssteward.alert.Link;
import io.ecssteward.alert.Mention;
import io.ecssteward.alert.Severity;
import io.ecssteward.limits.SlackLimits;
import java.util.List;
import java.util.Objects;

/**
 * Renders an alert as a Slack message: a header, and below it, beside a bar in the color of the severity, the text, the
 * fields, the links and a footer. Text from an event can neither mention anyone nor make a link.
 *
 * <pre>
 * {"text": "[FIRING] prod/web cannot place a task",          the phone's notification
 *  "blocks": [{"type": "header", ...}],
 *  "attachments": [{"color": "#a30200", "blocks": [...]}]}   only attachments have a color
 * </pre>
 *
 * <p>The header is not in the attachment, because Slack shows {@code text} above the attachments of a message without
 * blocks, and the title would be shown twice.
 *
 * @see <a href="https://docs.slack.dev/messaging/formatting-message-text">Formatting message text</a>
 * @see <a href="https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments">Secondary
 *     attachments</a>
 */
public final class SlackMessage {

    /**
     * Our own limit in characters for a field's name, a link's label and the footer: a line or two, less than Slack
     * allows.
     */
    private static final int LINE = 150;

    static final String ENDED = "\u2705";

    static final String GREEN = "#2eb886";

    static final String BETWEEN = "  \u00b7  ";

    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SlackMessage() {}

    /** The message for an alert; a payload in Slack's own format is returned unchanged. */
    public static ObjectNode of(Alert alert) {
        if (alert.slackPayload() instanceof ObjectNode payload) {
            return payload.deepCopy();
        }
        String title = title(alert);
        ArrayNode header = header(symbol(alert) + " " + title);
        mention(header, alert.mention());
        ArrayNode blocks = body(
                alert,
                TextLinks.of(alert),
                List.of(),
                List.of(),
                context(footer(alert)),
                header.toString().length());
        return message(spoken(alert.state()) + title, header, color(alert), blocks);
    }

    /** The frame of the message, the same for alerts and digests. */
    static ObjectNode message(String text, ArrayNode header, String color, ArrayNode blocks) {
        ObjectNode message = JSON.objectNode();
        message.put("text", Mrkdwn.escape(text, SlackLimits.HEADER));
        // The links lead to consoles that need a login, so a preview would show nothing.
        message.put("unfurl_links", false).put("unfurl_media", false);
        message.set("blocks", header);
        message.putArray("attachments").addObject().put("color", color).set("blocks", blocks);
        return message;
    }

    static ArrayNode header(String text) {
        ArrayNode header = JSON.arrayNode();
        header.addObject().put("type", "header").set("text", plain(text, SlackLimits.HEADER));
        return header;
    }

    /** Adds the @mentions. Slack does not notify people who are mentioned only in an attachment. */
    static void mention(ArrayNode header, String mention) {
        if (mention != null && !mention.isBlank()) {
            header.add(section(mrkdwn(Mention.inSlack(mention))));
        }
    }

    static String title(Alert alert) {
        return Mrkdwn.oneLine(alert.title().isBlank() ? alert.key() : alert.title());
    }

    /** A message of plain text. */
    public static ObjectNode of(String text) {
        return JSON.objectNode().put("text", Mrkdwn.escape(text, SlackLimits.TEXT));
    }

    /**
     * One message for several alerts, in the order in which they came: what began, ended or happened, how often, since
     * when, and links. If the message gets too long, texts are cut first, then links are left out; no alert is ever
     * left out.
     */
    static ObjectNode digest(List<Alert> alerts) {
        return Digest.of(alerts);
    }

    /**
     * The blocks beside the bar: an alert's text and fields, as far as they fit, and everything else in full.
     *
     * @param header length of the header, in characters of JSON
     */
    static ArrayNode body(
            Alert alert,
            List<Link> addresses,
            List<ObjectNode> above,
            List<ObjectNode> below,
            ObjectNode footer,
            int header) {
        ArrayNode blocks = JSON.arrayNode().addAll(above);
        ArrayNode after = JSON.arrayNode().addAll(below);
        int taken = header
                + blocks.toString().length()
                + after.toString().length()
                + footer.toString().length();
        String links = line(links(addresses), Math.min(SlackLimits.SECTION, SlackLimits.ALL_BLOCKS - taken - 300));
        if (!links.isEmpty()) {
            after.add(section(mrkdwn(links)));
        }
        after.add(footer);
        // The line that counts the omitted fields comes on top of these: 120 is more than its JSON takes.
        int room = SlackLimits.ALL_BLOCKS - header - after.toString().length() - 120;
        if (!alert.text().isBlank() && room - blocks.toString().length() > 300) {
            String text = alert.text().strip();
            int free = room - blocks.toString().length();
            int tooMuch = Math.max(
                    0, section(plain(text, SlackLimits.SECTION)).toString().length() - free);
            blocks.add(section(plain(text, SlackLimits.SECTION - tooMuch)));
        }
        fields(blocks, alert.fields(), room, SlackLimits.BLOCKS - 2 - after.size());
        return blocks.addAll(after);
    }

    static ObjectNode section(ObjectNode text) {
        ObjectNode section = JSON.objectNode().put("type", "section");
        section.set("text", text);
        return section;
    }

    /** Adds as many fields as fit, and a line with the number of those omitted. */
    private static void fields(ArrayNode blocks, List<Field> fields, int room, int maxBlocks) {
        ArrayNode section = null;
        int used = blocks.toString().length();
        for (int i = 0; i < fields.size(); i++) {
            ObjectNode field = field(fields.get(i));
            boolean anew = section == null || section.size() == SlackLimits.FIELDS;
            used += field.toString().length() + (anew ? "{\"type\":\"section\",\"fields\":[]},".length() : 1);
            if (used > room || anew && blocks.size() == maxBlocks) {
                int left = fields.size() - i;
                blocks.add(context(left + (left == 1 ? " more field" : " more fields")));
                return;
            }
            if (anew) {
                section = blocks.addObject().put("type", "section").putArray("fields");
            }
            section.add(field);
        }
    }

    /** A bold name above the value. If Slack would format parts of either, both are plain text. */
    private static ObjectNode field(Field field) {
        String name = Mrkdwn.plain(Mrkdwn.oneLine(field.name()), LINE);
        String value = Mrkdwn.plain(field.value().strip(), SlackLimits.FIELD);
        if (name.isEmpty() || value.isEmpty() || Mrkdwn.formats(name) || Mrkdwn.formats(value)) {
            String both = (name + "\n" + value).strip();
            return plain(both.isEmpty() ? "-" : both, SlackLimits.FIELD);
        }
        String above = "*" + Mrkdwn.escape(name, LINE) + "*\n";
        return mrkdwn(above + Mrkdwn.escape(value, SlackLimits.FIELD - above.length()));
    }

    /** The links as mrkdwn, without those that are invalid or too long. */
    static List<String> links(List<Link> links) {
        return links.stream()
                .filter(link -> link.url().length() <= SlackLimits.SECTION)
                .map(link -> Mrkdwn.link(link.label(), link.url(), LINE))
                .filter(Objects::nonNull)
                .toList();
    }

    /** The links on one line, as many as fit; no link is cut. */
    static String line(List<String> links, int max) {
        StringBuilder line = new StringBuilder();
        for (String link : links) {
            if (line.length() + BETWEEN.length() + link.length() <= max) {
                line.append(line.isEmpty() ? "" : BETWEEN).append(link);
            }
        }
        return line.toString();
    }

    private static String footer(Alert alert) {
        String severity = EnumWord.of(alert.severity());
        String state = alert.state() == Alert.State.INFO ? "" : BETWEEN + EnumWord.of(alert.state());
        return severity + state + BETWEEN + Mrkdwn.oneLine(alert.key());
    }

    private static String spoken(Alert.State state) {
        return state == Alert.State.INFO ? "" : "[" + state + "] ";
    }

    /** The emoji as a character, not as a {@code :name:}: Slack would then replace such names in the title, too. */
    static String symbol(Alert alert) {
        return alert.state() == Alert.State.RESOLVED ? ENDED : symbol(alert.severity());
    }

    static String symbol(Severity severity) {
        return switch (severity) {
            case CRITICAL, ERROR -> "\uD83D\uDEA8";
            case WARNING -> "\u26A0\uFE0F";
            case INFO -> "\u2139\uFE0F";
        };
    }

    /** The colors that Slack uses for "good", "warning" and "danger", and blue for everything else. */
    static String color(Alert alert) {
        return alert.state() == Alert.State.RESOLVED ? GREEN : color(alert.severity());
    }

    static String color(Severity severity) {
        return switch (severity) {
            case CRITICAL, ERROR -> "#a30200";
            case WARNING -> "#daa038";
            case INFO -> "#439fe0";
        };
    }

    static ObjectNode context(String text) {
        ObjectNode context = JSON.objectNode().put("type", "context");
        context.putArray("elements").add(plain(text, LINE));
        return context;
    }

    /** @see <a href="https://docs.slack.dev/reference/block-kit/composition-objects/text-object">Text object</a> */
    static ObjectNode plain(String text, int max) {
        return JSON.objectNode()
                .put("type", "plain_text")
                .put("text", Mrkdwn.plain(text, max))
                .put("emoji", false);
    }

    /** A verbatim mrkdwn object: Slack links no channels, people or URLs in it unless they are marked up. */
    static ObjectNode mrkdwn(String escaped) {
        return JSON.objectNode().put("type", "mrkdwn").put("text", escaped).put("verbatim", true);
    }
}
