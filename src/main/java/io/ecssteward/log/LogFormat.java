package io.ecssteward.log;

import java.io.Console;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** The format of the log. */
enum LogFormat {
    /** Lines for a person. */
    TEXT,
    /** One JSON object a line. */
    JSON;

    /**
     * The format that the environment and the system properties of this process ask for. Logging begins before the
     * settings are read, so it looks at {@code steward.log-format} by itself; a word that is none is left to the
     * settings to complain about.
     */
    static LogFormat configured() {
        String word = System.getProperty("steward.log-format", System.getenv().getOrDefault("STEWARD_LOG_FORMAT", ""));
        return of(word, LogFormat::toTerminal);
    }

    /** The format of a word; {@code auto} and whatever is no format go by where the lines go. */
    static LogFormat of(String word, BooleanSupplier terminal) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "text" -> TEXT;
            case "json" -> JSON;
            default -> terminal.getAsBoolean() ? TEXT : JSON;
        };
    }

    /**
     * Whether a person sees standard output as it is written. Up to JDK 21 there is a console only then. From JDK 22 on
     * there may be one that is no terminal, which it says when asked, but what compiles for 17 cannot ask it directly.
     *
     * @see <a
     *     href="https://docs.oracle.com/en/java/javase/25/docs/api/java.base/java/io/Console.html#isTerminal()">isTerminal</a>
     */
    private static boolean toTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
