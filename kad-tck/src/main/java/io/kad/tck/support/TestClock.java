package io.kad.tck.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Wall clock that only a test moves, forward or back. Thread-safe. */
public final class TestClock implements InstantSource {

    private volatile Instant now;

    /** Creates a clock at the time {@code start}. */
    public TestClock(Instant start) {
        now = start;
    }

    /** Creates a clock at an arbitrary time with nanoseconds, on which no test may depend. */
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

    /** Sets the clock to {@code instant}. */
    public synchronized void set(Instant instant) {
        now = instant;
    }
}
