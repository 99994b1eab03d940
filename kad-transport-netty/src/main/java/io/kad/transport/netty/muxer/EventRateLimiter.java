package io.kad.transport.netty.muxer;

import java.util.concurrent.TimeUnit;

/** Rate limiter: counts events per minute. Confined to one event loop. */
public final class EventRateLimiter {

    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int limit;
    private long periodStart;
    private int count;

    /** Creates a limiter of {@code limit} events per minute. */
    public EventRateLimiter(int limit, long nowNanos) {
        this.limit = limit;
        this.periodStart = nowNanos;
    }

    /** Counts an event; returns false if the limit of the current minute is exceeded. */
    public boolean tryAcquire(long nowNanos) {
        if (nowNanos - periodStart >= PERIOD_NANOS) {
            periodStart = nowNanos;
            count = 0;
        }
        count++;
        return count <= limit;
    }
}
