package io.kad.transport.netty.stream;

/**
 * Limit of buffered bytes of incomplete messages on one connection, over all its streams.
 *
 * <p>The first 32 KiB of each stream are not counted ({@link MessageReader}), so that streams with small messages are not
 * starved by streams with large ones. Receive windows do not bound these bytes, because a message larger than a window is read
 * further while its beginning is buffered. Confined to one event loop.
 */
public final class ReceiveBudget {

    /** Default limit of a connection, in bytes; raised if a single message may be larger. */
    public static final long BYTES = 8L << 20;

    private final long limit;
    private long reserved;

    /** Creates the budget of one connection, with room for at least two messages of the maximum size. */
    public ReceiveBudget(int maxMessageBytes) {
        this.limit = Math.max(BYTES, 2L * maxMessageBytes);
    }

    /**
     * Reserves {@code current} bytes in place of {@code previous}; returns false and changes nothing if that exceeds
     * the limit.
     */
    boolean replace(long previous, long current) {
        long next = reserved - previous + current;
        if (current > previous && next > limit) {
            return false;
        }
        reserved = next;
        return true;
    }

    /** Returns the reserved bytes. */
    long reserved() {
        return reserved;
    }
}
