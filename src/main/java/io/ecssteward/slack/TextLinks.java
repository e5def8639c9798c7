package io.ecssteward.slack;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns URLs in an alert's text into links, such as a runbook in an alarm's description. Slack makes no links in plain
 * or verbatim text.
 */
final class TextLinks {
    private TextLinks() {}

    /**
     * Our own limit: more URLs than these are unlikely to be runbooks, and the link to the console must stay visible.
     */
    private static final int MAX_LINKS = 5;

    /** A URL, but not one with a label in Slack's markup: the label could claim another destination. */
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

    /**
     * The URL without the punctuation that ends its sentence. A closing bracket stays if the URL contains the opening
     * one.
     */
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
