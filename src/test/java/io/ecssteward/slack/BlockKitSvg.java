package io.ecssteward.slack;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws a message's payload about as Slack shows it, for the documentation: headers, sections, fields, contexts, and
 * the bar of an attachment. Widths are estimates, since no font is asked; times are in UTC.
 */
final class BlockKitSvg {
    private static final int WIDTH = 680;
    private static final int LEFT = 64;
    private static final int RIGHT = 24;
    private static final String TEXT = "#1d1c1d";
    private static final String GREY = "#616061";
    private static final String BLUE = "#1264a3";
    private static final String FONT = "Lato, 'Helvetica Neue', Helvetica, Arial, sans-serif";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

    /** A date, a link, a mention, or what is bold. */
    private static final Pattern MARKUP = Pattern.compile(
            "<!date\\^(\\d+)\\^([^|]*)\\|[^>]*>|<(https?[^|>]+)\\|([^>]+)>|<([!@][^>]+)>|\\*([^*]+)\\*");

    private final StringBuilder shapes = new StringBuilder();
    private double y = 16;

    /** Some text in one look. */
    private record Run(String text, boolean bold, String color) {}

    private BlockKitSvg() {}

    /**
     * A picture.
     *
     * @param message the message
     * @param at when it came
     * @param replies those in its thread
     */
    static String draw(JsonNode message, Instant at, List<JsonNode> replies) {
        BlockKitSvg picture = new BlockKitSvg();
        picture.message(message, at, LEFT);
        if (!replies.isEmpty()) {
            picture.y += 6;
            picture.line(
                    List.of(new Run(replies.size() + (replies.size() == 1 ? " reply" : " replies"), true, BLUE)),
                    LEFT,
                    13,
                    WIDTH);
            for (JsonNode reply : replies) {
                double top = picture.y + 2;
                picture.blocks(reply.path("blocks"), LEFT + 16);
                picture.bar(LEFT, top, picture.y, "#dddddd", 2);
            }
        }
        double height = Math.ceil(picture.y + 12);
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%.0f" viewBox="0 0 %d %.0f" font-family="%s">
                <title>%s</title>
                <rect x="0.5" y="0.5" width="%d" height="%.0f" rx="8" fill="#ffffff" stroke="#dddddd"/>
                %s</svg>
                """.formatted(
                        WIDTH,
                        height,
                        WIDTH,
                        height,
                        FONT,
                        xml(message.path("text").asText()),
                        WIDTH - 1,
                        height - 1,
                        picture.shapes);
    }

    private void message(JsonNode message, Instant at, int x) {
        shapes.append(
                "<rect x=\"16\" y=\"%.0f\" width=\"36\" height=\"36\" rx=\"6\" fill=\"#232f3e\"/>\n".formatted(y));
        shapes.append(("<text x=\"34\" y=\"%.0f\" font-size=\"15\" font-weight=\"bold\" fill=\"#ff9900\""
                        + " text-anchor=\"middle\">ES</text>\n")
                .formatted(y + 23));
        line(
                List.of(
                        new Run("ECS Steward ", true, TEXT),
                        new Run(" APP ", false, GREY),
                        new Run("  " + TIME.format(at), false, GREY)),
                x,
                14,
                WIDTH);
        blocks(message.path("blocks"), x);
        for (JsonNode attachment : message.path("attachments")) {
            double top = y + 4;
            y += 4;
            blocks(attachment.path("blocks"), x + 16);
            bar(x, top, y, attachment.path("color").asText("#dddddd"), 4);
        }
    }

    private void bar(int x, double top, double bottom, String color, int width) {
        shapes.append("<rect x=\"%d\" y=\"%.0f\" width=\"%d\" height=\"%.0f\" rx=\"2\" fill=\"%s\"/>\n"
                .formatted(x, top, width, bottom - top, color));
    }

    private void blocks(JsonNode blocks, int x) {
        for (JsonNode block : blocks) {
            switch (block.path("type").asText()) {
                case "header" -> paragraph(runs(block.path("text"), TEXT, true), x, 18, WIDTH - RIGHT);
                case "section" -> section(block, x);
                case "context" -> context(block, x);
                default -> throw new IllegalArgumentException("a block that is not drawn: " + block);
            }
        }
    }

    private void section(JsonNode block, int x) {
        if (block.has("text")) {
            paragraph(runs(block.path("text"), TEXT, false), x, 15, WIDTH - RIGHT);
        }
        List<JsonNode> fields = new ArrayList<>();
        block.path("fields").forEach(fields::add);
        int column = (WIDTH - RIGHT - x) / 2;
        for (int i = 0; i < fields.size(); i += 2) {
            double top = y;
            double bottom = y;
            for (int side = 0; side < 2 && i + side < fields.size(); side++) {
                y = top;
                int left = x + side * column;
                paragraph(runs(fields.get(i + side), TEXT, false), left, 15, left + column - 12);
                bottom = Math.max(bottom, y);
            }
            y = bottom;
        }
    }

    private void context(JsonNode block, int x) {
        List<Run> runs = new ArrayList<>();
        for (JsonNode element : block.path("elements")) {
            if (!runs.isEmpty()) {
                runs.add(new Run("   ", false, GREY));
            }
            runs.addAll(runs(element, GREY, false));
        }
        paragraph(runs, x, 13, WIDTH - RIGHT);
    }

    private static List<Run> runs(JsonNode object, String color, boolean bold) {
        String text = object.path("text").asText();
        if (!object.path("type").asText().equals("mrkdwn")) {
            return List.of(new Run(text, bold, color));
        }
        List<Run> runs = new ArrayList<>();
        Matcher markup = MARKUP.matcher(text);
        int from = 0;
        while (markup.find()) {
            runs.add(new Run(unescaped(text.substring(from, markup.start())), bold, color));
            runs.add(run(markup, bold, color));
            from = markup.end();
        }
        runs.add(new Run(unescaped(text.substring(from)), bold, color));
        runs.removeIf(run -> run.text().isEmpty());
        return runs;
    }

    private static Run run(Matcher markup, boolean bold, String color) {
        if (markup.group(1) != null) {
            Instant at = Instant.ofEpochSecond(Long.parseLong(markup.group(1)));
            String date =
                    markup.group(2).replace("{date_short_pretty}", "today").replace("{time}", TIME.format(at));
            return new Run(date.substring(0, 1).toUpperCase(Locale.ROOT) + date.substring(1), bold, color);
        }
        if (markup.group(3) != null) {
            return new Run(unescaped(markup.group(4)), bold, BLUE);
        }
        return markup.group(5) != null
                ? new Run("@" + markup.group(5).substring(1), bold, BLUE)
                : new Run(unescaped(markup.group(6)), true, color);
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }

    /** Text that is wrapped at its spaces, and at the ends of its lines. */
    private void paragraph(List<Run> runs, int x, int size, int right) {
        y += size > 15 ? 4 : 3;
        List<Run> line = new ArrayList<>();
        double width = 0;
        for (Run run : runs) {
            for (String word : run.text().split("(?<=[ \\n])|(?=\\n)")) {
                if (word.equals("\n")) {
                    line(line, x, size, right);
                    line = new ArrayList<>();
                    width = 0;
                    continue;
                }
                double more = width(word.stripTrailing(), size, run.bold());
                if (width + more > right - x && !line.isEmpty()) {
                    line(line, x, size, right);
                    line = new ArrayList<>();
                    width = 0;
                }
                line.add(new Run(word, run.bold(), run.color()));
                width += width(word, size, run.bold());
            }
        }
        line(line, x, size, right);
        y += 3;
    }

    private void line(List<Run> runs, int x, int size, int right) {
        y += size * 1.4;
        shapes.append("<text x=\"%d\" y=\"%.1f\" font-size=\"%d\" xml:space=\"preserve\">".formatted(x, y - 4, size));
        for (int i = 0; i < runs.size(); ) {
            Run run = runs.get(i);
            StringBuilder text = new StringBuilder();
            while (i < runs.size()
                    && runs.get(i).bold() == run.bold()
                    && runs.get(i).color().equals(run.color())) {
                text.append(runs.get(i++).text());
            }
            shapes.append("<tspan fill=\"%s\"%s>%s</tspan>"
                    .formatted(run.color(), run.bold() ? " font-weight=\"bold\"" : "", xml(text.toString())));
        }
        shapes.append("</text>\n");
    }

    private static double width(String text, int size, boolean bold) {
        double em = text.codePoints()
                .mapToDouble(c -> c > 0x2000 ? 1.2 : "iljtf.,:;'| ".indexOf(c) >= 0 ? 0.3 : c < 'a' ? 0.62 : 0.54)
                .sum();
        return em * size * (bold ? 1.06 : 1);
    }

    private static String xml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
