package io.ecssteward.details;

import io.ecssteward.alert.Redactor;
import io.ecssteward.limits.SlackLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Cuts the end of a log for a reply: the last lines that fit, without colors, control characters and secrets. Secrets
 * are searched in more lines than are shown, because a private key has many lines.
 */
final class LogText {

    /** The maximum number of lines shown. */
    static final int LINES = 30;

    /**
     * The maximum length of all lines, without the title, in characters as Slack counts them ({@code <} is
     * {@code &lt;}).
     */
    static final int CHARACTERS = SlackLimits.DETAIL - 300;

    private static final int LINE = 500;

    /** In characters; more of a line than is shown, so that a secret that begins in the shown part is recognized. */
    private static final int READ_OF_LINE = 4_000;

    private static final int READ_LINES = 200;

    /**
     * Terminal escape sequences for colors, titles and cursors.
     *
     * @see <a href="https://ecma-international.org/publications-and-standards/standards/ecma-48/">ECMA-48</a>
     */
    private static final Pattern ESCAPES = Pattern.compile("(?:\u001B\\[|\u009B)[0-?]*[ -/]*[@-~]"
            + "|\u001B[\\]PX^_][^\u0007\u001B\\n]*(?:\u0007|\u001B\\\\)?"
            + "|\u001B[ -/]*[0-~]?");

    private static final Pattern BREAK = Pattern.compile("[\\r\\n\\u0085\\u2028\\u2029]+");

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}&&[^\\n]]");

    /** A line of a private key whose beginning is above the lines that are read. */
    private static final Pattern KEY_LINE = Pattern.compile("[A-Za-z0-9+/]{48,}={0,2}");

    private LogText() {}

    /** The last lines of these messages, in order; empty if they have no visible text. */
    static List<String> lines(List<String> messages) {
        Deque<String> read = new ArrayDeque<>();
        for (String message : messages) {
            for (String line : BREAK.split(ESCAPES.matcher(message).replaceAll(""))) {
                String clean = CONTROLS.matcher(line.replace('\t', ' ')).replaceAll("");
                if (!clean.isBlank()) {
                    String cut = clean.substring(0, Math.min(clean.length(), READ_OF_LINE));
                    // Each line first by itself: the search for JSON in a text stops after some attempts.
                    read.addLast(Redactor.text(cut.stripTrailing()));
                }
                if (read.size() > READ_LINES) {
                    read.removeFirst();
                }
            }
        }
        return last(Redactor.text(String.join("\n", read)).lines().toList());
    }

    private static List<String> last(List<String> all) {
        List<String> shown = new ArrayList<>();
        int taken = 0;
        for (int i = all.size() - 1; i >= 0 && shown.size() < LINES; i--) {
            String line = cut(KEY_LINE.matcher(all.get(i).strip()).matches() ? Redactor.MASK : all.get(i));
            taken += written(line) + 1;
            if (taken > CHARACTERS) {
                break;
            }
            shown.add(0, line);
        }
        return shown;
    }

    private static String cut(String line) {
        int taken = 0;
        for (int i = 0; i < line.length(); i += Character.charCount(line.codePointAt(i))) {
            taken += written(Character.toString(line.codePointAt(i)));
            if (taken > LINE) {
                return line.substring(0, i) + "…";
            }
        }
        return line;
    }

    private static int written(String text) {
        return text.codePoints()
                .map(c -> c == '&' ? 5 : c == '<' || c == '>' ? 4 : Character.charCount(c))
                .sum();
    }

    /** A title and these lines below it. */
    static String below(String title, List<String> lines) {
        return title + lines.stream().map(line -> "\n" + line).collect(Collectors.joining());
    }
}
