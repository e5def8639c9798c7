package io.ecssteward.simulation;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads the JSON objects and lists in a text, one after the other: one a line, several in a line without anything
 * between them (as Firehose writes them by default), or spread over lines as the AWS CLI and jq print them. What is
 * none costs its own line, and what comes after it is read.
 *
 * <p>It only finds where each begins and ends; whether it is JSON in between is for a parser to say.
 *
 * @see <a href="https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html">Firehose: concatenated without
 *     delimiters</a>
 */
final class JsonValues implements Closeable {

    /** Ten messages of SQS in an answer are 1 MiB at most, which escaping makes longer. */
    private static final int MAX_CHARACTERS = 4 << 20;

    /**
     * How much is kept of what is no JSON: far more than is shown, because a secret is known by what stands around it.
     */
    private static final int BEGINNING = 10_000;

    private static final String BREAKS_OFF = "it breaks off";

    private final Reader in;
    private final char[] buffer = new char[1 << 14];
    private int at;
    private int end;
    private long line = 1;

    /**
     * One of them.
     *
     * @param line where it begins, counted from 1
     * @param text as it stands there; its beginning when there is a problem
     * @param problem why it is none, in a few words; null when it may be one
     */
    record Value(long line, String text, String problem) {}

    JsonValues(Reader in) {
        this.in = in;
    }

    /** The next; null when there is none left. */
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

    /** By runs of the buffer: a character at a time took a tenth of a simulation. */
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
                    // Only what begins with a bracket alone is meant to go on in the next line.
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

    /** Leaves the rest of the line out. */
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
