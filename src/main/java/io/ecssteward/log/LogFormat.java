package io.ecssteward.log;

import java.io.Console;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** The format of the log. */
enum LogFormat {
    /** Lines for people. */
    TEXT,
    /** One JSON object per line. */
    JSON;

    /**
     * The format according to the environment and the system properties of this process. Logging begins before the
     * settings are read, so this reads {@code steward.log-format} directly; the check of the settings reports an
     * invalid word.
     */
    static LogFormat configured() {
        String word = System.getProperty("steward.log-format", System.getenv().getOrDefault("STEWARD_LOG_FORMAT", ""));
        return of(word, LogFormat::toTerminal);
    }

    /** The format for a word; for {@code auto} and unknown words, it depends on whether the output is a terminal. */
    static LogFormat of(String word, BooleanSupplier terminal) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "text" -> TEXT;
            case "json" -> JSON;
            default -> terminal.getAsBoolean() ? TEXT : JSON;
        };
    }

    /**
     * Whether standard output is a terminal. Up to JDK 21, there is a console only if it is. From JDK 22 on, a console
     * need not be a terminal; its method isTerminal() tells, which code compiled for 17 can only call by reflection.
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
