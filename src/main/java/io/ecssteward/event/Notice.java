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
 * What notices have in common: alerts about events that nothing else happens for. A notice has no end that anything
 * could tell, so it neither fires nor resolves.
 */
final class Notice {
    private Notice() {}

    /** A title is one line on a phone; whoever renders the alert may cut it shorter. */
    private static final int LONGEST_TITLE = 250;

    /** A list of names is read for the first of them and the count. */
    private static final int MAX_NAMES = 600;

    /**
     * Whether EventBridge calls a payload this. Input transformers tend to drop the source, and so do the fixtures of
     * terraform-aws-notify-slack, which goes by the detail-type alone: an absent source passes.
     */
    static boolean is(Payload payload, String source, String detailType) {
        return detailType.equals(payload.detailType()) && (payload.source() == null || source.equals(payload.source()));
    }

    /** Starts an alert whose key is the event's identity: copies are one, and two events are two. */
    static Alert.Builder about(Event event, Severity severity, String title) {
        return Alert.about(event.identity())
                .state(Alert.State.INFO)
                .severity(severity)
                .resolveAfter(Alert.NO_NEWS)
                .title(oneLine(title, "Message"))
                // The key never comes again, so this only has to outlive the redeliveries.
                .coolDown(Duration.ofDays(1));
    }

    /** The text on one line and not too long; the fallback when it is null or blank. */
    static String oneLine(String text, String fallback) {
        if (text == null || text.isBlank()) {
            return fallback;
        }
        // Cut before replacing: a body can have a mebibyte in one line.
        String line = cut(text.strip(), LONGEST_TITLE);
        line = line.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.isEmpty() ? fallback : line;
    }

    /** Joins two parts of a title; the second may be null or blank. */
    static String titled(String kind, String what) {
        return what == null || what.isBlank() ? kind : kind + ": " + what;
    }

    /**
     * How much a finding matters by the word that Security Hub and Inspector use: CRITICAL is CRITICAL, HIGH is ERROR,
     * MEDIUM is WARNING, LOW and INFORMATIONAL are INFO. Whatever else (UNTRIAGED, nothing) is WARNING: nobody knows
     * yet.
     */
    static Severity severity(String word) {
        return switch (word == null ? "" : word.strip().toUpperCase(Locale.ROOT)) {
            case "CRITICAL" -> Severity.CRITICAL;
            case "HIGH" -> Severity.ERROR;
            case "LOW", "INFORMATIONAL" -> Severity.INFO;
            default -> Severity.WARNING;
        };
    }

    /** The text, cut to this many characters, without secrets. */
    static String cut(String text, int max) {
        return text.length() <= max ? text : Redactor.beginning(text, max) + "…";
    }

    /** Whole names with commas between them, as many as fit, and how many more there are. */
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

    /** The same, of those of these nodes that are values, each once. */
    static String names(List<JsonNode> nodes) {
        return listed(
                nodes.stream()
                        .map(Notice::value)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList(),
                MAX_NAMES);
    }

    /** The value of a node as text; null when it is absent, blank, an object or a list. */
    static String value(JsonNode node) {
        return node.isValueNode() && !node.isNull() && !node.asText().isBlank() ? node.asText() : null;
    }

    /** The first of two texts that is not null. */
    static String either(String first, String second) {
        return first == null ? second : first;
    }

    /** The text when it is an absolute http or https URL; null otherwise: one bad link spoils the whole message. */
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
