package io.kad.transport.netty.stream;

import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.LimitCounters;

/**
 * Limit of buffered bytes of incomplete messages on one connection, over all its streams.
 *
 * <p>The first 32 KiB of each stream are not counted ({@link MessageReader}), so that streams with small messages are not
 * starved by streams with large ones. Receive windows do not bound these bytes, because a message larger than a window is read
 * further while its beginning is buffered. The budget of the node counts all bytes. Confined to one event loop.
 */
public final class ReceiveBudget {

    private final long limit;
    private final ConnectionBudget connection;
    private long reserved;

    /**
     * Creates the budget of one connection, with room for at least two messages of the maximum size.
     *
     * @param limit in bytes
     */
    public ReceiveBudget(long limit, int maxMessageBytes, ConnectionBudget connection) {
        this.limit = Math.max(limit, 2L * maxMessageBytes);
        this.connection = connection;
    }

    /**
     * Reserves {@code current} bytes in place of {@code previous}; returns false and changes nothing if that exceeds
     * the limit.
     */
    boolean replace(long previous, long current) {
        long next = reserved - previous + current;
        if (current > previous && next > limit) {
            connection.counters().count(Limit.CONNECTION_RECEIVE_BYTES, "reset a stream whose message is incomplete");
            return false;
        }
        reserved = next;
        return true;
    }

    /** Counts the memory of received bytes for the node; a negative number removes some that is free. Thread-safe. */
    public void hold(long change) {
        if (change != 0) {
            connection.receive().add(change);
        }
    }

    /** Called when a message is complete, so that its connection makes progress. */
    void messageCompleted() {
        connection.receive().progressed();
    }

    /** Returns the counters of the node. */
    public LimitCounters counters() {
        return connection.counters();
    }

    /** Returns the reserved bytes. */
    long reserved() {
        return reserved;
    }
}
