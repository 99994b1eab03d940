package io.kad.tck.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that stands still until a test moves it, forth or back. Thread-safe. */
public final class TestClock implements InstantSource {

    private volatile Instant now;

    /** Creates a clock that shows {@code start}. */
    public TestClock(Instant start) {
        now = start;
    }

    /** Creates a clock that shows some moment that no test depends on, with a fraction of nanoseconds. */
    public TestClock() {
        this(Instant.parse("2025-03-01T12:00:00.123456789Z"));
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Moves the clock by {@code step}, back if it is negative. */
    public synchronized void advance(Duration step) {
        now = now.plus(step);
    }

    /** Makes the clock show {@code instant}. */
    public synchronized void set(Instant instant) {
        now = instant;
    }
}
