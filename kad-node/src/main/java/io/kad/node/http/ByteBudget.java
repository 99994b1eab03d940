package io.kad.node.http;

import java.util.concurrent.atomic.AtomicInteger;

/** Bytes that all connections of a server share. Thread-safe. */
final class ByteBudget {

    private final int limit;
    private final LimitCounts counts;
    private final LimitCounts.Limit counted;
    private final AtomicInteger used = new AtomicInteger();

    /**
     * Creates a budget.
     *
     * @param counts counts as {@code counted} how often the limit was reached
     */
    ByteBudget(int limit, LimitCounts counts, LimitCounts.Limit counted) {
        this.limit = limit;
        this.counts = counts;
        this.counted = counted;
    }

    /** Takes bytes, which must be {@linkplain #release released}; returns false, and takes none, if fewer are left. */
    boolean tryReserve(int bytes) {
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
    void release(int bytes) {
        used.addAndGet(-bytes);
    }
}
