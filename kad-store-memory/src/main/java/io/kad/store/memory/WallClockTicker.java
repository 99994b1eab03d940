package io.kad.store.memory;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The wall clock as Caffeine's: nanoseconds since the clock was first read, as far as they fit.
 *
 * <p>Whatever the clock does, an entry that Caffeine takes for expired is expired; one that is may be found so late.
 */
final class WallClockTicker implements Ticker {

    /** Some 73 years, so that the sum of a reading and {@link #NEVER} does not overflow. */
    private static final long FARTHEST = Long.MAX_VALUE >> 2;

    private static final long NEVER = Long.MAX_VALUE >> 1;
    private static final long SECOND = 1_000_000_000;

    private final InstantSource clock;
    private final Instant origin;

    WallClockTicker(InstantSource clock) {
        this.clock = clock;
        this.origin = clock.instant();
    }

    @Override
    public long read() {
        return Math.min(ticks(clock.instant()), FARTHEST - 1);
    }

    /** Returns how long after {@code now}, a reading, something ends that ends at {@code instant}; at least 1. */
    long until(Instant instant, long now) {
        long end = ticks(instant);
        return end == FARTHEST ? NEVER : Math.max(1, end - now);
    }

    private long ticks(Instant instant) {
        long seconds = instant.getEpochSecond() - origin.getEpochSecond();
        if (seconds > FARTHEST / SECOND) {
            return FARTHEST;
        }
        if (seconds < -FARTHEST / SECOND) {
            return -FARTHEST;
        }
        return Math.max(-FARTHEST, Math.min(FARTHEST, seconds * SECOND + instant.getNano() - origin.getNano()));
    }
}
