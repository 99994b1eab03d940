package io.kad.core.job;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Timer of a recurring job: fires after each interval plus or minus 10 %, so that peers that started together do not stay in step. Times
 * are monotonic nanoseconds.
 */
final class JitteredInterval {

    /** Upper bound of the first interval: entries that were stored before a restart may be due already. Default: 1 h (kad's choice). */
    static final Duration MAX_FIRST = Duration.ofHours(1);

    private final Optional<Duration> interval;
    private final RandomGenerator random;
    private long dueNanos = Long.MAX_VALUE;

    /** Creates a timer that has not started; without an interval it never fires. */
    JitteredInterval(Optional<Duration> interval, RandomGenerator random) {
        this.interval = interval;
        this.random = random;
    }

    /** Starts the timer. The first interval is random, up to the interval or {@link #MAX_FIRST}. */
    void begin(long nowNanos) {
        interval.ifPresent(length -> {
            long longest = Math.min(length.toNanos(), MAX_FIRST.toNanos());
            dueNanos = nowNanos + 1 + (long) (longest * random.nextDouble());
        });
    }

    /** Starts the next interval. */
    void restart(long nowNanos) {
        interval.ifPresent(length -> {
            double factor = 0.9 + 0.2 * random.nextDouble();
            dueNanos = nowNanos + Math.max(1, (long) (length.toNanos() * factor));
        });
    }

    boolean isDue(long nowNanos) {
        return dueNanos <= nowNanos;
    }

    /** Returns the time at which this timer fires; {@link Long#MAX_VALUE} for never. */
    long dueNanos() {
        return dueNanos;
    }
}
