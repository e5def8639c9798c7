package io.ecssteward.problem;

/**
 * A problem of a route file, with its fix.
 *
 * @param file the file's path, or {@code classpath:} and its name for a file in the jar
 * @param line counted from 1; 0 if unknown
 * @param column counted from 1; 0 if unknown
 * @param what the problem and its fix
 */
public record Problem(String file, int line, int column, String what) {

    /** A problem of a file at Camel's location: {@code file:routes/mine.camel.yaml}. */
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
