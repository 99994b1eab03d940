package io.kad.transport.netty.quic;

import java.util.concurrent.atomic.AtomicInteger;

/** Number of inbound handshakes that have begun and not ended, over all sockets of a transport. Thread-safe. */
final class HalfOpenHandshakes {

    private final int many;
    private final int limit;
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Creates a count of none.
     *
     * @param many number from which on remote peers must prove their address
     * @param limit number from which on no handshake begins; more than {@code many}
     */
    HalfOpenHandshakes(int many, int limit) {
        if (many < 1 || limit <= many) {
            throw new IllegalArgumentException("limit must be more than " + many + ", got " + limit);
        }
        this.many = many;
        this.limit = limit;
    }

    /** Returns whether remote peers must prove their address. */
    boolean areMany() {
        return count.get() >= many;
    }

    /** Returns whether no further handshake may begin. */
    boolean areTooMany() {
        return count.get() >= limit;
    }

    void begin() {
        count.incrementAndGet();
    }

    void end() {
        count.decrementAndGet();
    }
}
