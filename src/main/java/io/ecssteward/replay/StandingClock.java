package io.ecssteward.replay;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved. */
public class StandingClock extends Clock {

    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private volatile Instant now;

    /** Starts at the time at which the stories begin. */
    public StandingClock() {
        this(BEGINNING);
    }

    protected StandingClock(Instant now) {
        this.now = now;
    }

    /** Sets the time, forward or back. */
    public final void set(Instant instant) {
        now = instant;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Returns itself: only instants are used. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
