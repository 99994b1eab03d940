package io.kad.core.job;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When something is due that is done again and again: once each interval, give or take a tenth, so that peers that began together do
 * not go on together. Times are monotonic nanoseconds.
 */
final class JitteredInterval {

    /** The most that passes before the first time: what was stored before a restart may have waited for it all along. */
    static final Duration MAX_FIRST = Duration.ofHours(1);

    private final Optional<Duration> interval;
    private final RandomGenerator random;
    private long dueNanos = Long.MAX_VALUE;

    /** Makes a timer that is not begun; it never is if there is no interval. */
    JitteredInterval(Optional<Duration> interval, RandomGenerator random) {
        this.interval = interval;
        this.random = random;
    }

    /** Begins, with a first time somewhere within the interval and {@link #MAX_FIRST}. */
    void begin(long nowNanos) {
        interval.ifPresent(length -> {
            long most = Math.min(length.toNanos(), MAX_FIRST.toNanos());
            dueNanos = nowNanos + 1 + (long) (most * random.nextDouble());
        });
    }

    /** Begins the next interval. */
    void restart(long nowNanos) {
        interval.ifPresent(length -> {
            double factor = 0.9 + 0.2 * random.nextDouble();
            dueNanos = nowNanos + Math.max(1, (long) (length.toNanos() * factor));
        });
    }

    boolean isDue(long nowNanos) {
        return dueNanos <= nowNanos;
    }

    /** Returns when it is due; {@link Long#MAX_VALUE} for never. */
    long dueNanos() {
        return dueNanos;
    }
}
