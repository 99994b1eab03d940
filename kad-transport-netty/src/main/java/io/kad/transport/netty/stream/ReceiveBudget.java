package io.kad.transport.netty.stream;

import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.LimitCounters;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Limit of the bytes of one connection that are received and not yet taken as messages, over all its streams.
 *
 * <p>The first 32 KiB of each stream are not counted ({@link MessageReader}), so that streams with small messages are not
 * starved by streams with large ones. Receive windows do not bound these bytes: credit is granted again on delivery, so an
 * incomplete message may outgrow a window. The budget of the node counts all bytes. Confined to one event loop.
 */
public final class ReceiveBudget {

    /** Smallest part of a message whose loss frees enough. */
    private static final long MIN_DROPPED_BYTES = 64 * 1024;

    private final long limit;
    private final ConnectionBudget connection;
    private final Set<MessageReader> readers = new HashSet<>();
    private long reserved;

    /**
     * Creates the budget of one connection.
     *
     * @param limit in bytes; at least two messages of the maximum size, so that a large one does not exclude another
     */
    public ReceiveBudget(long limit, ConnectionBudget connection) {
        this.limit = limit;
        this.connection = connection;
    }

    /**
     * Reserves {@code current} bytes in place of {@code previous}; returns false and changes nothing if that exceeds
     * the limit.
     */
    boolean tryAdjust(long previous, long current) {
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

    /** Adds a reader that holds bytes. */
    void add(MessageReader reader) {
        readers.add(reader);
    }

    /** Removes a reader that holds none. */
    void remove(MessageReader reader) {
        readers.remove(reader);
    }

    /** Fails the stream that holds most of an incomplete message; returns false if none holds much. */
    public boolean dropLargest() {
        Optional<MessageReader> largest = readers.stream().max(Comparator.comparingLong(MessageReader::used));
        if (largest.isEmpty() || largest.get().used() < MIN_DROPPED_BYTES) {
            return false;
        }
        largest.get()
                .drop("too many received bytes wait: limit of "
                        + connection.receive().limit() + " reached");
        return true;
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
