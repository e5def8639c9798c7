package io.ecssteward.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Mention;
import java.util.ArrayList;
import java.util.List;

/** A Slack message as a person would read it: for a terminal, and for a channel that refuses its blocks. */
public final class SlackText {
    private SlackText() {}

    /**
     * The lines of a message's payload, in order. Slack shows {@code text} with attachments, but not with blocks: there
     * it is only for notifications.
     */
    public static List<String> lines(JsonNode payload) {
        List<String> lines = new ArrayList<>();
        if (payload.path("blocks").isEmpty()) {
            add(payload.path("text"), lines);
        }
        payload.path("blocks").forEach(block -> block(block, lines));
        payload.path("attachments").forEach(attachment -> {
            attachment.path("blocks").forEach(block -> block(block, lines));
            add(attachment.path("pretext"), lines);
            add(attachment.path("title"), lines);
            add(attachment.path("text"), lines);
            attachment
                    .path("fields")
                    .forEach(f -> add(
                            f.path("title").asText() + ": " + f.path("value").asText(), lines));
        });
        return lines;
    }

    /** Whether a message has blocks or attachments. */
    static boolean hasLayout(ObjectNode payload) {
        return payload.has("blocks") || payload.has("attachments");
    }

    /**
     * The same message as text alone, for a channel that refuses its blocks or attachments. The given mention stays; no
     * other text in it can mention anyone.
     *
     * @param mention as in {@link io.ecssteward.alert.Alert}; null for nobody
     * @param max maximum length in characters
     */
    static ObjectNode withoutLayout(ObjectNode payload, String mention, int max) {
        ObjectNode plain = payload.deepCopy().without(List.of("blocks", "attachments"));
        List<String> lines = lines(payload);
        String mentioned = mention == null || mention.isBlank() ? "" : Mention.inSlack(mention);
        lines.remove(mentioned);
        String text = Mrkdwn.escape(String.join("\n", lines), max - mentioned.length() - 1);
        return plain.put("text", (text + "\n" + mentioned).strip());
    }

    private static void block(JsonNode block, List<String> lines) {
        add(block.path("text").path("text"), lines);
        block.path("fields").forEach(f -> add(oneLine(f.path("text").asText()), lines));
        block.path("elements")
                .forEach(e -> add(e.path("text").isObject() ? e.path("text").path("text") : e.path("text"), lines));
    }

    private static String oneLine(String field) {
        return field.replaceFirst("\n", ": ");
    }

    private static void add(JsonNode text, List<String> lines) {
        if (text.isTextual()) {
            add(text.asText(), lines);
        }
    }

    private static void add(String text, List<String> lines) {
        String shown = text.replaceAll("<(https?://[^|>]+)\\|([^>]+)>", "$2: $1")
                // A date becomes its fallback text.
                .replaceAll("<!date\\^[^|>]*\\|([^>]*)>", "$1")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
        shown.lines().filter(l -> !l.isBlank()).forEach(lines::add);
    }
}
