package io.ecssteward.problem;

/**
 * Something that is wrong with a route file, and what to do about it.
 *
 * @param file the file's path, or {@code classpath:} and its name for what is in the jar
 * @param line counted from 1; 0 when it is not known
 * @param column counted from 1; 0 when it is not known
 * @param what what is wrong, and the remedy
 */
public record Problem(String file, int line, int column, String what) {

    /** About a file that is named as Camel names it: {@code file:routes/mine.camel.yaml}. */
    public static Problem at(String location, int line, int column, String what) {
        return new Problem(
                location.startsWith("file:") ? location.substring("file:".length()) : location, line, column, what);
    }

    /** {@code routes/mine.camel.yaml:12:7: what is wrong}, which editors and CI turn into a link. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + (line > 0 && column > 0 ? ":" + column : "") + ": " + what;
    }
}
