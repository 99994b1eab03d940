package io.kad.transport.netty.limit;

import java.util.concurrent.TimeUnit;

/**
 * Rate limiter: holds at most the tokens of one minute; those that are taken return evenly. A caller that can wait may take a token before it has
 * returned. Not thread-safe.
 */
public final class TokenBucket {

    private static final double MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int perMinute;
    private double tokens;
    private long filledNanos;

    /** Creates a full bucket. */
    public TokenBucket(int perMinute, long nowNanos) {
        this.perMinute = perMinute;
        this.tokens = perMinute;
        this.filledNanos = nowNanos;
    }

    /** Takes a token; returns false if there is none. */
    public boolean tryTake(long nowNanos) {
        return takeWithin(nowNanos, 0) == 0;
    }

    /** Takes a token that is there within {@code maxWaitNanos}; returns how long it takes until then, or -1 if there is none. */
    long takeWithin(long nowNanos, long maxWaitNanos) {
        fill(nowNanos);
        double missing = 1 - tokens;
        long wait = missing <= 0 ? 0 : (long) Math.ceil(missing * MINUTE_NANOS / perMinute);
        if (wait > maxWaitNanos) {
            return -1;
        }
        tokens--;
        return wait;
    }

    /** Gives a token back that was taken. */
    void giveBack(long nowNanos) {
        fill(nowNanos);
        tokens = Math.min(perMinute, tokens + 1);
    }

    /** Returns whether no token is missing, so that a new bucket would do the same. */
    boolean isFull(long nowNanos) {
        fill(nowNanos);
        return tokens >= perMinute;
    }

    private void fill(long nowNanos) {
        tokens = Math.min(perMinute, tokens + (nowNanos - filledNanos) / MINUTE_NANOS * perMinute);
        filledNanos = nowNanos;
    }
}
