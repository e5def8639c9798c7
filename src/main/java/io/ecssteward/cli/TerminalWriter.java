package io.ecssteward.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * The writer of commands that show events. Names and texts in events come from outside, and must not be able to move
 * the cursor, to color or reverse the text after them, or to begin a new line.
 *
 * <p>{@code println} and {@code printf} print single lines, whatever their arguments contain, with a question mark for
 * each such character. {@code print} may print several lines, for JSON, and escapes such characters as JSON does.
 */
final class TerminalWriter extends PrintWriter {

    /**
     * A placeholder for the escape character of {@link Colors}. No event can contain it, because it is different in
     * each process.
     */
    private static final String COLOR = "\uE000" + UUID.randomUUID();

    private TerminalWriter(PrintWriter to) {
        super(to, true);
    }

    /** The standard output of a command. */
    static PrintWriter out(CommandLine.Model.CommandSpec spec) {
        return new TerminalWriter(spec.commandLine().getOut());
    }

    /** The standard error of a command. */
    static PrintWriter err(CommandLine.Model.CommandSpec spec) {
        return new TerminalWriter(spec.commandLine().getErr());
    }

    /** A sequence that colors, for this writer. */
    static String color(String sequence) {
        return sequence.replace("\u001b", COLOR);
    }

    /** The text on one line, without control characters. */
    static String line(String text) {
        return harmless(text.replaceAll("\\r\\n|[\\r\\n]", " "), "?");
    }

    @Override
    public void println(String text) {
        super.println(line(String.valueOf(text)));
    }

    @Override
    public void println(Object text) {
        println(String.valueOf(text));
    }

    @Override
    public PrintWriter format(String format, Object... arguments) {
        return super.format(
                format,
                Stream.of(arguments)
                        .map(argument -> argument instanceof String text ? line(text) : argument)
                        .toArray());
    }

    @Override
    public void write(String text, int offset, int length) {
        String shown =
                harmless(text.substring(offset, offset + length), "\\u%04x").replace(COLOR, "\u001b");
        super.write(shown, 0, shown.length());
    }

    private static String harmless(String text, String written) {
        if (text.codePoints().noneMatch(TerminalWriter::harms)) {
            return text;
        }
        StringBuilder all = new StringBuilder();
        text.codePoints()
                .forEach(c -> all.append(harms(c) ? String.format(Locale.ROOT, written, c) : Character.toString(c)));
        return all.toString();
    }

    /**
     * Control characters, other line separators, characters that change the text direction, and half a surrogate pair.
     */
    private static boolean harms(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c != '\n' && c != '\t';
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default ->
                c == 0x061C || c == 0x200E || c == 0x200F || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
        };
    }
}
