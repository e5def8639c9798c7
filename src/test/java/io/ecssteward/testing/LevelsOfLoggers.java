package io.ecssteward.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Has every test begin with the levels of the configuration: a command that prints its results turns the log off, for
 * the rest of its process, and in the tests that process is everybody's. JUnit finds it by itself.
 */
public final class LevelsOfLoggers implements BeforeAllCallback, BeforeEachCallback {

    private static final Map<Logger, Level> CONFIGURED = new LinkedHashMap<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        put();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        put();
    }

    private static synchronized void put() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
            if (CONFIGURED.isEmpty()) {
                loggers.getLoggerList().forEach(logger -> CONFIGURED.put(logger, logger.getLevel()));
            }
            // One that was made since inherits.
            loggers.getLoggerList().forEach(logger -> logger.setLevel(CONFIGURED.get(logger)));
        }
    }
}
