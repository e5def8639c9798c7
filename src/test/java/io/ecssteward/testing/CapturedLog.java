package io.ecssteward.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * What all loggers wrote since it was made, with the stack traces, to prove that something was said or, like a secret,
 * never was. Closing puts the levels back.
 */
public final class CapturedLog implements AutoCloseable {
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Map<Logger, Level> levels = new LinkedHashMap<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(format(event));
        }
    };

    /** Captures what is logged at the levels as they are. */
    public CapturedLog() {
        appender.setContext(context);
        appender.setName("captured");
        appender.start();
        root.addAppender(appender);
    }

    /** Has a logger, such as {@code io.ecssteward}, log from this level on as well. */
    public CapturedLog level(String logger, org.slf4j.event.Level level) {
        Logger changed = context.getLogger(logger);
        levels.putIfAbsent(changed, changed.getLevel());
        changed.setLevel(Level.convertAnSLF4JLevel(level));
        return this;
    }

    /** Each event: level, logger, message, context, and below them the exception with its causes. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** All of it as one text. */
    public String text() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        appender.stop();
        levels.forEach(Logger::setLevel);
    }

    private static String format(ILoggingEvent event) {
        StringWriter text = new StringWriter();
        text.append(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage());
        if (!event.getMDCPropertyMap().isEmpty()) {
            text.append(" ").append(event.getMDCPropertyMap().toString());
        }
        if (event.getKeyValuePairs() != null) {
            text.append(" ").append(event.getKeyValuePairs().toString());
        }
        if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
            text.append("\n");
            proxy.getThrowable().printStackTrace(new PrintWriter(text, true));
        }
        return text.toString();
    }
}
