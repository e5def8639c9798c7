package io.ecssteward.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until a test moves it. */
public final class ManualClock extends Clock {
    private final AtomicReference<Instant> now;

    public ManualClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    /** Starts at an instant, such as {@code 2026-11-20T10:00:00Z}. */
    public static ManualClock at(String start) {
        return new ManualClock(Instant.parse(start));
    }

    /** Moves the clock forward, or back when negative. */
    public void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    /** Sets the clock. */
    public void set(Instant instant) {
        now.set(instant);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Not supported: nothing here may depend on a time zone. */
    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("Use UTC");
    }
}
