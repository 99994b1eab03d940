package io.kad.transport.netty.stream;

/**
 * How many bytes of messages that are not complete yet one connection may make us hold, over all its streams.
 *
 * <p>A little of each stream is free ({@link FrameReader}), so that streams with small messages are not starved by those with large
 * ones. The windows of streams don't bound them: a message larger than a window is read on while its beginning is kept. Belongs to one
 * event loop.
 */
public final class ReceiveBudget {

    /** The bytes a connection may hold, unless a single message may be larger still. */
    public static final long BYTES = 8L << 20;

    private final long limit;
    private long held;

    /** Makes the budget of one connection, with room for two messages of the largest size at least. */
    public ReceiveBudget(int maxMessageBytes) {
        this.limit = Math.max(BYTES, 2L * maxMessageBytes);
    }

    /** Holds {@code after} bytes in place of {@code before}, and returns whether there was room; if not, nothing changes. */
    boolean replace(long before, long after) {
        long next = held - before + after;
        if (after > before && next > limit) {
            return false;
        }
        held = next;
        return true;
    }

    /** Returns how many bytes are held. */
    long reserved() {
        return held;
    }
}
