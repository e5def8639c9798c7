package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Redactor;
import io.ecssteward.alert.Severity;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Common code of notices: events that only cause an alert. No event reports the end of a notice, so its alert neither
 * fires nor resolves.
 */
final class Notice {
    private Notice() {}

    /** In characters: a title is one line on a phone. The renderer of an alert may cut it further. */
    private static final int LONGEST_TITLE = 250;

    /** In characters: of a list of names, people read only the first ones and the count. */
    private static final int MAX_NAMES = 600;

    /**
     * Whether a payload has this source and detail-type. An absent source matches: input transformers tend to drop it,
     * and so do the fixtures of terraform-aws-notify-slack, which checks only the detail-type.
     */
    static boolean is(Payload payload, String source, String detailType) {
        return detailType.equals(payload.detailType()) && (payload.source() == null || source.equals(payload.source()));
    }

    /** Starts an alert whose key is the event's identity: duplicates cause one alert, different events several. */
    static Alert.Builder about(Event event, Severity severity, String title) {
        return Alert.about(event.identity())
                .state(Alert.State.INFO)
                .severity(severity)
                .resolveAfter(Alert.NO_NEWS)
                .title(oneLine(title, "Message"))
                // The key is never used again, so the cool-down only has to outlast redeliveries.
                .coolDown(Duration.ofDays(1));
    }

    /** The text on one line, cut to a title's length; the fallback if it is null or blank. */
    static String oneLine(String text, String fallback) {
        if (text == null || text.isBlank()) {
            return fallback;
        }
        // Cut before replacing: a body can be a single line of a mebibyte.
        String line = cut(text.strip(), LONGEST_TITLE);
        line = line.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.isEmpty() ? fallback : line;
    }

    /** Joins two parts of a title; the second may be null or blank. */
    static String titled(String kind, String what) {
        return what == null || what.isBlank() ? kind : kind + ": " + what;
    }

    /**
     * The severity for the label of Security Hub and Inspector: CRITICAL is CRITICAL, HIGH is ERROR, MEDIUM is WARNING,
     * LOW and INFORMATIONAL are INFO. Anything else (UNTRIAGED, none) is WARNING: its severity is not known yet.
     */
    static Severity severity(String word) {
        return switch (word == null ? "" : word.strip().toUpperCase(Locale.ROOT)) {
            case "CRITICAL" -> Severity.CRITICAL;
            case "HIGH" -> Severity.ERROR;
            case "LOW", "INFORMATIONAL" -> Severity.INFO;
            default -> Severity.WARNING;
        };
    }

    /** The text without secrets, cut to this many characters. */
    static String cut(String text, int max) {
        return text.length() <= max ? text : Redactor.beginning(text, max) + "…";
    }

    /** As many whole names as fit, separated by commas, and the number of the others. */
    static String listed(List<String> names, int max) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            String name = cut(names.get(i), max);
            if (i > 0 && all.length() + name.length() > max) {
                return all + " and " + (names.size() - i) + " more";
            }
            all.append(i == 0 ? "" : ", ").append(name);
        }
        return all.toString();
    }

    /** The same for the distinct values among these nodes. */
    static String names(List<JsonNode> nodes) {
        return listed(
                nodes.stream()
                        .map(Notice::value)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList(),
                MAX_NAMES);
    }

    /** The value of a node as text; null if it is absent, blank, an object or a list. */
    static String value(JsonNode node) {
        return node.isValueNode() && !node.isNull() && !node.asText().isBlank() ? node.asText() : null;
    }

    /** The first of two texts that is not null. */
    static String either(String first, String second) {
        return first == null ? second : first;
    }

    /**
     * The text if it is an absolute http or https URL; null otherwise: Slack refuses a message with an invalid link.
     */
    static String web(String text) {
        try {
            URI uri = new URI(text == null ? "" : text.strip());
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null ? uri.toString() : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
