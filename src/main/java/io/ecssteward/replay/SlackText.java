package io.ecssteward.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A Slack message as a person would read it, for a terminal. */
public final class SlackText {
    private SlackText() {}

    /** The lines of a message's payload, in order. */
    public static List<String> lines(JsonNode payload) {
        List<String> lines = new ArrayList<>();
        payload.path("blocks").forEach(block -> block(block, lines));
        payload.path("attachments").forEach(attachment -> {
            attachment.path("blocks").forEach(block -> block(block, lines));
            add(attachment.path("title"), lines);
            add(attachment.path("text"), lines);
            attachment
                    .path("fields")
                    .forEach(f -> add(
                            f.path("title").asText() + ": " + f.path("value").asText(), lines));
        });
        if (lines.isEmpty()) {
            add(payload.path("text"), lines);
        }
        return lines;
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
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
        shown.lines().filter(l -> !l.isBlank()).forEach(lines::add);
    }
}
