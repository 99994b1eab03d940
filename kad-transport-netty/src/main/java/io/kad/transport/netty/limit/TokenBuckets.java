package io.kad.transport.netty.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Token buckets by key, such as a host. At most {@value #MAX_BUCKETS} are kept, about 150 bytes each; beyond it, a new key finds none. Full
 * ones, which a new one would equal, are then dropped, at most once a second, because that looks at all. Not thread-safe.
 */
public final class TokenBuckets {

    static final int MAX_BUCKETS = 65_536;

    private static final long SWEEP_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, TokenBucket> buckets = new HashMap<>();
    private final int perMinute;
    private final LongSupplier nanoTime;
    private long nextSweepNanos;

    /** Creates buckets of {@code perMinute} tokens each. */
    public TokenBuckets(int perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
        this.nextSweepNanos = nanoTime.getAsLong();
    }

    /** Takes a token of {@code key}; returns false if there is none. */
    public boolean tryTake(String key) {
        return takeWithin(key, 0) == 0;
    }

    /** Takes a token of {@code key} that is there within {@code maxWaitNanos}; returns how long it takes until then, or -1 if there is none. */
    long takeWithin(String key, long maxWaitNanos) {
        long now = nanoTime.getAsLong();
        TokenBucket bucket = buckets.get(key);
        if (bucket == null) {
            if (buckets.size() >= MAX_BUCKETS && now - nextSweepNanos >= 0) {
                nextSweepNanos = now + SWEEP_INTERVAL_NANOS;
                buckets.values().removeIf(each -> each.isFull(now));
            }
            if (buckets.size() >= MAX_BUCKETS) {
                return -1;
            }
            bucket = new TokenBucket(perMinute, now);
            buckets.put(key, bucket);
        }
        return bucket.takeWithin(now, maxWaitNanos);
    }

    /** Gives a token of {@code key} back that was taken. */
    public void giveBack(String key) {
        TokenBucket bucket = buckets.get(key);
        if (bucket != null) { // otherwise it was filled, or was full
            bucket.giveBack(nanoTime.getAsLong());
        }
    }

    /** Fills the bucket of {@code key}. */
    public void refill(String key) {
        buckets.remove(key);
    }
}
