package io.ecssteward.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What {@link LogSetup} would have written to standard output in one of its formats, of what all loggers log. */
public final class Lines implements AutoCloseable {

    private final LoggerContext shipped = new LoggerContext();
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final Encoder<ILoggingEvent> encoder;
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            written.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
        }
    };

    /** In a format by its word: {@code text} or {@code json}. */
    public Lines(String format) {
        String before = System.getProperty("steward.log-format");
        System.setProperty("steward.log-format", format);
        try {
            LogSetup.logTo(shipped);
        } finally {
            if (before == null) {
                System.clearProperty("steward.log-format");
            } else {
                System.setProperty("steward.log-format", before);
            }
        }
        ConsoleAppender<ILoggingEvent> stdout =
                (ConsoleAppender<ILoggingEvent>) shipped.getLogger("ROOT").getAppender("stdout");
        encoder = stdout.getEncoder();
        appender.setContext(context);
        appender.start();
        context.getLogger("ROOT").addAppender(appender);
    }

    /** What was written, an entry each; each ends with a line end. */
    public List<String> written() {
        return List.copyOf(written);
    }

    /** What went wrong when logging was set up, and more. */
    List<String> statuses() {
        return shipped.getStatusManager().getCopyOfStatusList().stream()
                .filter(status -> status.getLevel() > ch.qos.logback.core.status.Status.INFO)
                .map(Object::toString)
                .toList();
    }

    @Override
    public void close() {
        context.getLogger("ROOT").detachAppender(appender);
        appender.stop();
        shipped.stop();
    }
}
