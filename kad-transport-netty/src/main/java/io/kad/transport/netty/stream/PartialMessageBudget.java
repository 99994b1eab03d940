package io.kad.transport.netty.stream;

import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Limit of the bytes of incomplete messages on one connection, over all its streams. Charges all bytes that its streams have taken from the muxer to
 * the budget of the node, those of complete requests too.
 *
 * <p>The first 32 KiB of each stream are not charged ({@link MessageReader}), so that streams with small messages are not
 * starved by streams with large ones. Receive windows do not bound these bytes: credit is granted again on delivery, so an
 * incomplete message may outgrow a window. Confined to one event loop.
 */
public final class PartialMessageBudget {

    /** Smallest part of a message whose loss frees enough. */
    private static final long MIN_DROPPED_BYTES = 64 * 1024;

    private final long limit;
    private final ConnectionBudget connection;
    private final Set<MessageReader> readers = new HashSet<>();
    private long chargedBytes;

    /**
     * Creates the budget of one connection.
     *
     * @param limit in bytes; at least two messages of the maximum size, so that a large one does not exclude another
     */
    public PartialMessageBudget(long limit, ConnectionBudget connection) {
        this.limit = limit;
        this.connection = connection;
    }

    /**
     * Charges {@code current} bytes in place of {@code previous}; returns false and changes nothing if that exceeds the limit of the connection.
     */
    boolean tryAdjustConnection(long previous, long current) {
        long next = chargedBytes - previous + current;
        if (current > previous && next > limit) {
            connection
                    .counters()
                    .countAndLog(LimitId.CONNECTION_RECEIVE_BYTES, "reset a stream whose message is incomplete");
            return false;
        }
        chargedBytes = next;
        return true;
    }

    /** Charges the memory of received bytes to the budget of the node. Thread-safe. */
    public void chargeToNode(long bytes) {
        adjustNode(0, bytes);
    }

    /** Releases the memory of received bytes from the budget of the node. Thread-safe. */
    public void releaseFromNode(long bytes) {
        adjustNode(bytes, 0);
    }

    /** Charges {@code current} bytes to the budget of the node in place of {@code previous}. Thread-safe. */
    void adjustNode(long previous, long current) {
        if (current > previous) {
            connection.receiveAccount().charge(current - previous);
        } else if (current < previous) {
            connection.receiveAccount().release(previous - current);
        }
    }

    /** Adds a reader that holds bytes. */
    void addReader(MessageReader reader) {
        readers.add(reader);
    }

    /** Removes a reader that holds none. */
    void removeReader(MessageReader reader) {
        readers.remove(reader);
    }

    /** Fails the stream that holds most of an incomplete message; returns false if none holds much. */
    public boolean failFullestStream() {
        Optional<MessageReader> largest = readers.stream().max(Comparator.comparingLong(MessageReader::chargedToNode));
        if (largest.isEmpty() || largest.get().chargedToNode() < MIN_DROPPED_BYTES) {
            return false;
        }
        largest.get()
                .failStream("too many received bytes wait: limit of "
                        + connection.receiveAccount().limit() + " reached");
        return true;
    }

    /** Called when a message is complete, so that its connection makes progress. */
    void messageCompleted() {
        connection.receiveAccount().progressed();
    }

    /** Returns the counters of the node. */
    public LimitCounters counters() {
        return connection.counters();
    }

    /** Returns the bytes that are charged to the connection. */
    long chargedBytes() {
        return chargedBytes;
    }
}
