package io.kad.transport.netty.yamux;

import java.util.concurrent.TimeUnit;

/** A count of costly events within a minute. */
final class EventRateLimiter {

    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int limit;
    private long periodStart;
    private int count;

    EventRateLimiter(int limit, long nowNanos) {
        this.limit = limit;
        this.periodStart = nowNanos;
    }

    /** Counts an event, and returns whether there were no more than the limit in this minute. */
    boolean tryAcquire(long nowNanos) {
        if (nowNanos - periodStart >= PERIOD_NANOS) {
            periodStart = nowNanos;
            count = 0;
        }
        count++;
        return count <= limit;
    }
}
