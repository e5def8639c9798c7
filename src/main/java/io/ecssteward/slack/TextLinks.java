package io.ecssteward.slack;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns URLs in an alert's text into links: a runbook in an alarm's description. Slack makes no links in text that
 * nobody may format.
 */
final class TextLinks {
    private TextLinks() {}

    /** Ours: more addresses than these are no runbook, and the console's link should stay in sight. */
    private static final int MAX_LINKS = 5;

    /** Not one with a label of its own, in Slack's markup: whoever wrote it says that it leads elsewhere. */
    private static final Pattern ADDRESS = Pattern.compile("(?i)\\bhttps?://[^\\s<>|\"'`\\p{Cntrl}]{1,2000}+(?![|])");

    private static final String PUNCTUATION = ".,;:!?*_~)]}\u2026";

    /** The alert's links, and those in its text that are not among them. */
    static List<Link> of(Alert alert) {
        List<Link> links = new ArrayList<>(alert.links());
        Matcher address = ADDRESS.matcher(alert.text());
        int limit = links.size() + MAX_LINKS;
        while (links.size() < limit && address.find()) {
            String url = trimmed(address.group());
            String label = url.replaceFirst("(?i)^https?://", "");
            if (!label.isEmpty() && links.stream().noneMatch(link -> link.url().equals(url))) {
                links.add(new Link(label, url));
            }
        }
        return links;
    }

    /** Without the end of the sentence that it stands in; a bracket that it opens itself belongs to it. */
    private static String trimmed(String url) {
        int end = url.length();
        while (end > 0 && PUNCTUATION.indexOf(url.charAt(end - 1)) >= 0 && !closes(url, end - 1)) {
            end--;
        }
        return url.substring(0, end);
    }

    private static boolean closes(String url, int at) {
        char open = switch (url.charAt(at)) {
            case ')' -> '(';
            case ']' -> '[';
            case '}' -> '{';
            default -> '\0';
        };
        String before = url.substring(0, at);
        return before.chars().filter(c -> c == open).count()
                > before.chars().filter(c -> c == url.charAt(at)).count();
    }
}
