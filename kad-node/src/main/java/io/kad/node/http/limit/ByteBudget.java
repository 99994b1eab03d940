package io.kad.node.http.limit;

import java.util.concurrent.atomic.AtomicInteger;

/** Bytes that all connections of a server share. Thread-safe. */
public final class ByteBudget {

    private final int limit;
    private final LimitCounts counts;
    private final LimitCounts.Limit counted;
    private final AtomicInteger used = new AtomicInteger();

    /**
     * Creates a budget.
     *
     * @param counts counts as {@code counted} how often the limit was reached
     */
    public ByteBudget(int limit, LimitCounts counts, LimitCounts.Limit counted) {
        this.limit = limit;
        this.counts = counts;
        this.counted = counted;
    }

    /** Takes bytes, which must be {@linkplain #release released}; returns false, and takes none, if fewer are left. */
    public boolean tryReserve(int bytes) {
        int before = used.get();
        while (bytes <= limit - before) {
            int witness = used.compareAndExchange(before, before + bytes);
            if (witness == before) {
                return true;
            }
            before = witness;
        }
        counts.count(counted);
        return false;
    }

    /** Returns bytes that were taken. */
    public void release(int bytes) {
        used.addAndGet(-bytes);
    }
}
