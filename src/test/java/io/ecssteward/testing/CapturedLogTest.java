package io.ecssteward.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

class CapturedLogTest {
    private static final Logger LOG = LoggerFactory.getLogger("io.ecssteward.captured.CapturedLogTest");

    @Test
    void showsMessagesWithExceptionsAndTheirCauses() {
        try (CapturedLog log = new CapturedLog().level("io.ecssteward.captured", Level.DEBUG)) {
            MDC.put("event", "e-1");
            RuntimeException failure = new IllegalStateException("outer", new IOException("inner"));
            failure.addSuppressed(new IOException("beside"));
            LOG.debug("posting to {}", "#ops", failure);
            MDC.remove("event");

            assertThat(log.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("DEBUG io.ecssteward.captured.CapturedLogTest posting to #ops")
                            .contains("event=e-1", "IllegalStateException: outer", "IOException: inner", "beside"));
        }
    }

    @Test
    void lowersLevelsUntilItIsClosed() {
        try (CapturedLog log = new CapturedLog().level("io.ecssteward.captured", Level.TRACE)) {
            LOG.trace("seen");
            assertThat(log.text()).endsWith("seen");
        }
        assertThat(LOG.isDebugEnabled()).isFalse();
        try (CapturedLog log = new CapturedLog()) {
            LOG.trace("unseen");
            assertThat(log.lines()).isEmpty();
        }
    }
}
