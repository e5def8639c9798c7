package io.ecssteward.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Configures Logback, which finds this class by {@code META-INF/services}. A {@code logback.xml} would need the JDK's
 * XML parser and 400 more classes. A file named by {@code -Dlogback.configurationFile}, or a {@code logback-test.xml},
 * takes precedence.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

    private static final Map<String, Level> LEVELS = Map.of(
            "org.apache.camel", Level.WARN,
            "org.apache.camel.main", Level.INFO,
            "org.apache.camel.impl.engine.AbstractCamelContext", Level.INFO,
            // It logs each failed poll with a long stack trace; io.ecssteward.sqs.Redelivery logs it in one line.
            "org.apache.camel.component.aws2.sqs.Sqs2Consumer", Level.OFF,
            "software.amazon.awssdk", Level.WARN);

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        if (System.getProperty("logback.configurationFile") != null
                || LogSetup.class.getResource("/logback-test.xml") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        logTo(loggers);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Makes these loggers write to standard output. */
    static void logTo(LoggerContext loggers) {
        LineEncoder encoder = new LineEncoder();
        encoder.setContext(loggers);
        encoder.start();
        ConsoleAppender<ILoggingEvent> stdout = new ConsoleAppender<>();
        stdout.setContext(loggers);
        stdout.setName("stdout");
        stdout.setEncoder(encoder);
        stdout.start();
        LEVELS.forEach((logger, level) -> loggers.getLogger(logger).setLevel(level));
        String level = System.getProperty("steward.log-level", System.getenv().getOrDefault("STEWARD_LOG_LEVEL", ""));
        ch.qos.logback.classic.Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(level, Level.INFO));
        root.addAppender(stdout);
    }
}
