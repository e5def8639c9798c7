package io.ecssteward.simulation;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads the JSON objects and lists in a text, one after the other: one per line, several on a line without delimiters
 * (as Firehose writes them by default), or over several lines as the AWS CLI and jq print them. Text that is not JSON
 * spoils only its own line; reading continues on the next.
 *
 * <p>It only finds the beginning and end of each value; a parser must check whether it is valid JSON.
 *
 * @see <a href="https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html">Firehose: concatenated without
 *     delimiters</a>
 */
final class JsonValues implements Closeable {

    /** An SQS response with ten messages is at most 1 MiB, which escaping makes longer. */
    private static final int MAX_CHARACTERS = 4 << 20;

    /**
     * In characters: how much is kept of text that is not JSON. It is far more than is shown, because secrets are
     * recognized by the text around them.
     */
    private static final int BEGINNING = 10_000;

    private static final String BREAKS_OFF = "it breaks off";

    private final Reader in;
    private final char[] buffer = new char[1 << 14];
    private int at;
    private int end;
    private long line = 1;

    /**
     * A value.
     *
     * @param line where it begins, counted from 1
     * @param text its text; only the beginning if there is a problem
     * @param problem why it is not JSON, in a few words; null if it may be JSON
     */
    record Value(long line, String text, String problem) {}

    JsonValues(Reader in) {
        this.in = in;
    }

    /** The next value; null at the end. */
    Value next() throws IOException {
        int c = read();
        while (c == '\uFEFF' || c == ',' || Character.isWhitespace(c)) {
            c = read();
        }
        if (c < 0) {
            return null;
        }
        long start = line;
        StringBuilder text = new StringBuilder().append((char) c);
        if (c != '{' && c != '[') {
            return broken(start, text, "no JSON object");
        }
        return rest(start, text);
    }

    /** Appends runs of the buffer: appending single characters took a tenth of a simulation's time. */
    private Value rest(long start, StringBuilder text) throws IOException {
        int depth = 1;
        boolean inString = false;
        boolean escaped = false;
        boolean spread = false;
        while (fill()) {
            int from = at;
            while (at < end) {
                char c = buffer[at++];
                if (c == '\n') {
                    line++;
                    text.append(buffer, from, at - from);
                    // A value may only span lines if its opening bracket is alone on its line.
                    spread = spread || text.toString().strip().length() == 1;
                    if (inString || !spread || text.charAt(0) == '{' && peek() == '{') {
                        return new Value(start, beginning(text), BREAKS_OFF);
                    }
                    from = at;
                } else if (inString) {
                    inString = escaped || c != '"';
                    escaped = !escaped && c == '\\';
                } else if (c == '"') {
                    inString = true;
                } else if (c == '{' || c == '[') {
                    depth++;
                } else if ((c == '}' || c == ']') && --depth == 0) {
                    return new Value(start, text.append(buffer, from, at - from).toString(), null);
                }
            }
            text.append(buffer, from, at - from);
            if (text.length() > MAX_CHARACTERS) {
                return broken(start, text, "longer than " + (MAX_CHARACTERS >> 20) + " million characters");
            }
        }
        return new Value(start, beginning(text), BREAKS_OFF);
    }

    /** Skips the rest of the line. */
    private Value broken(long start, StringBuilder text, String problem) throws IOException {
        for (int c = read(); c >= 0 && c != '\n'; c = read()) {
            if (text.length() < BEGINNING) {
                text.append((char) c);
            }
        }
        return new Value(start, beginning(text), problem);
    }

    private static String beginning(StringBuilder text) {
        String shown = text.substring(0, Math.min(text.length(), BEGINNING)).strip();
        return shown.length() < text.toString().strip().length() ? shown + "..." : shown;
    }

    private int peek() throws IOException {
        return fill() ? buffer[at] : -1;
    }

    private int read() throws IOException {
        if (!fill()) {
            return -1;
        }
        char c = buffer[at++];
        line += c == '\n' ? 1 : 0;
        return c;
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(in.read(buffer), 0);
        }
        return at < end;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
