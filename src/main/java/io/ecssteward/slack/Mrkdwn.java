package io.ecssteward.slack;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * Escapes text from events for Slack, so that it can neither mention people nor be formatted. Text enters a message as
 * {@code mrkdwn}, where it must be escaped, since {@code <!channel>} would page everyone, or as {@code plain_text},
 * which Slack does not parse.
 *
 * @see <a href="https://docs.slack.dev/messaging/formatting-message-text">Formatting message text</a>
 */
final class Mrkdwn {
    private static final String ELLIPSIS = "\u2026";

    /**
     * The formatting that escaping does not disable: bold, strike, code, italics (not the underscores inside a name),
     * emoji (the {@code :ecs:} of an ARN, if the workspace has such a custom emoji; not the {@code :30:} of a time),
     * and quotes at the beginning of a line. Lengths are bounded, because an event can be a quarter of a megabyte of
     * colons.
     */
    private static final Pattern FORMATTING = Pattern.compile(
            "[*~`]"
                    + "|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
                    + "|:(?=[0-9_']{0,100}[A-Za-z+-]|100:|1234:)[A-Za-z0-9_+'-]{1,100}:"
                    + "|^[ \\t]{0,100}>",
            Pattern.MULTILINE);

    private static final Pattern WEB = Pattern.compile("(?i)https?://[^/?#\\s]\\S*");

    /** Slack's dates end with the year 9999, as those of most programs do. */
    private static final Instant LAST_DATE = Instant.parse("9999-12-31T23:59:59Z");

    private Mrkdwn() {}

    /** Whether Slack would format this text even when it is escaped. */
    static boolean formats(String text) {
        return FORMATTING.matcher(text).find();
    }

    /** The text for a plain_text object, cut to this many characters. */
    static String plain(String text, int max) {
        return build(text, max, Mrkdwn::readable);
    }

    /** The text for a mrkdwn object: escaped, cut to this many characters, and never cut within an escape. */
    static String escape(String text, int max) {
        return build(text, max, c -> switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> readable(c);
        });
    }

    /** The text on one line. */
    static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    /** A link as mrkdwn; null if the URL is not http or https, so that no {@code javascript:} link is ever made. */
    static String link(String label, String url, int maxLabel) {
        String address = url.strip().replace(" ", "%20");
        if (!WEB.matcher(address).matches()) {
            return null;
        }
        String shown = escape(oneLine(label.isBlank() ? address : label).replace('|', '/'), maxLabel);
        return "<" + build(address, Integer.MAX_VALUE, Mrkdwn::inUrl) + "|" + shown + ">";
    }

    /**
     * A time as mrkdwn: each reader sees it in their own time zone, and a program that does not support Slack's dates
     * shows it in UTC. Slack capitalizes the first letter of the date's text, so the words before the date are part of
     * it.
     *
     * @see <a href="https://docs.slack.dev/messaging/formatting-message-text#date-formatting">Formatting message text:
     *     dates</a>
     * @see <a href="https://metacpan.org/pod/Slack::BlockKit::Block::RichText::Date">The capital letter</a>
     */
    static String date(String before, Instant time) {
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        return second.isBefore(Instant.EPOCH) || second.isAfter(LAST_DATE)
                ? before + second
                : "<!date^" + second.getEpochSecond() + "^" + before + "{date_short_pretty} {time}|" + before + second
                        + ">";
    }

    /** Works on code points, so that no surrogate pair is cut in two. */
    private static String build(String text, int max, IntFunction<String> write) {
        StringBuilder all = new StringBuilder(Math.min(text.length(), max));
        int cut = 0;
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            all.append(write.apply(c));
            if (all.length() <= max - ELLIPSIS.length()) {
                cut = all.length();
            }
            if (all.length() > max) {
                return all.substring(0, cut) + ELLIPSIS;
            }
        }
        return all.toString();
    }

    /**
     * Half a surrogate pair is invalid in JSON, control characters are invisible, and bidi overrides reorder the text.
     */
    private static String readable(int c) {
        int type = Character.getType(c);
        boolean turnsAround = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
        return switch (c) {
            case '\n' -> "\n";
            case '\r' -> "";
            case '\t' -> " ";
            default ->
                type == Character.SURROGATE || type == Character.CONTROL || turnsAround
                        ? "\uFFFD"
                        : Character.toString(c);
        };
    }

    /** Percent-encodes characters that would end the link early, and those that a URL may not contain. */
    private static String inUrl(int c) {
        if (c == '&') {
            return "&amp;";
        }
        if (c > ' ' && c < 0x7F && "|<>\"`\\^{}".indexOf(c) < 0) {
            return Character.toString(c);
        }
        StringBuilder encoded = new StringBuilder();
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            encoded.append(String.format("%%%02X", b));
        }
        return encoded.toString();
    }
}
