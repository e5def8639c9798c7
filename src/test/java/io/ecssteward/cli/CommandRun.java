package io.ecssteward.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Runs a command as {@code java -jar} would, in this process. */
final class CommandRun {
    private CommandRun() {}

    /** What a command printed, and the exit code that it asked for. */
    record Result(int code, String out, String err) {}

    /** Without colors, as when its output goes to a file. */
    static Result run(String... arguments) {
        return run(CommandLine.Help.Ansi.OFF, arguments);
    }

    static Result run(CommandLine.Help.Ansi ansi, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
        // CommandRun turn the log off, and the tests that come after this one in the same process look at it.
        Map<Logger, Level> levels = new HashMap<>();
        loggers.getLoggerList().forEach(logger -> levels.put(logger, logger.getLevel()));
        try {
            int code = Main.commandLine(arguments)
                    .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true))
                    .execute(arguments);
            return new Result(code, out.toString(), err.toString());
        } finally {
            loggers.getLoggerList().stream()
                    .filter(logger -> !levels.containsKey(logger))
                    .forEach(logger -> logger.setLevel(null));
            levels.forEach(Logger::setLevel);
        }
    }
}
