package io.kad.transport.netty.limit;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Limit of the bytes that wait to be sent on one connection, over all its streams.
 *
 * <p>A response reserves room before its request is taken up, and a large request of the local peer before it is sent; reservations that
 * do not fit wait, first come, first served. A message that is larger than the limit fits alone. What is written counts until the socket
 * has taken all of it. Confined to the event loop of the connection.
 */
public final class SendBudget {

    /**
     * Room beyond the limit and one message of the maximum size for what reserves nothing: negotiation, identify, ping, and requests of the
     * local peer, which are refused as overloaded when large ones have used it up.
     */
    private static final long UNRESERVED_BYTES = 1 << 20;

    private final Executor executor;
    private final long limit;
    private final long hardLimit;

    /** Bytes beside which a larger message still counts as alone: those of negotiations. */
    private final long aloneBytes;

    private final ByteBudget.Share node;
    private final LimitCounters counters;
    private final Queue<Reservation> waiting = new ArrayDeque<>();
    private boolean closed;
    private long reserved;
    private long written;
    private boolean grantScheduled;

    /**
     * Creates the budget of one connection.
     *
     * @param executor event loop of the connection
     * @param limit in bytes
     * @param maxMessageBytes largest single message, in bytes
     * @param node what the connection holds of the budget of the node
     */
    public SendBudget(
            Executor executor, long limit, long maxMessageBytes, ByteBudget.Share node, LimitCounters counters) {
        this.executor = executor;
        this.limit = limit;
        this.aloneBytes = limit / 64;
        this.hardLimit = limit + maxMessageBytes + UNRESERVED_BYTES;
        this.node = node;
        this.counters = counters;
    }

    /** Room that is reserved, or that waits for its turn. */
    public final class Reservation {

        private final Runnable onGranted;
        private final Runnable onClosed;
        private long bytes;
        private boolean granted;
        private boolean released;

        private Reservation(long bytes, Runnable onGranted, Runnable onClosed) {
            this.onClosed = onClosed;
            this.bytes = bytes;
            this.onGranted = onGranted;
        }

        /** Returns whether the room is reserved. */
        public boolean isGranted() {
            return granted && !released;
        }

        /** Enlarges the reserved room, if that fits now; returns whether it did. A smaller number has no effect. */
        public boolean tryEnlarge(long size) {
            long others = reserved + written - bytes;
            if (size > bytes && others > aloneBytes && others + size > limit) {
                return false;
            }
            reserved += Math.max(0, size - bytes);
            bytes = Math.max(bytes, size);
            return true;
        }

        /** Gives the room back, or gives up waiting; has no effect after the first call. */
        public void release() {
            if (released) {
                return;
            }
            released = true;
            if (granted) {
                reserved -= bytes;
            } else {
                waiting.remove(this);
            }
            scheduleGrants();
        }

        private void grant() {
            granted = true;
            reserved += bytes;
        }
    }

    /**
     * Reserves room for {@code bytes}: at once if it fits and nobody waits, otherwise later.
     *
     * @param onGranted called when room is reserved later, on the event loop; not called within this call
     */
    public Reservation reserve(long bytes, Runnable onGranted) {
        return reserve(bytes, onGranted, () -> {});
    }

    /**
     * Reserves room as the other method does.
     *
     * @param onClosed called if the connection closes while the reservation waits, on the event loop
     */
    public Reservation reserve(long bytes, Runnable onGranted, Runnable onClosed) {
        Reservation reservation = new Reservation(bytes, onGranted, onClosed);
        if (closed || (waiting.isEmpty() && fits(bytes))) {
            reservation.grant();
        } else {
            counters.count(Limit.CONNECTION_SEND_BYTES, "requests wait for the messages before them");
            waiting.add(reservation);
            scheduleGrants();
        }
        return reservation;
    }

    /** Counts bytes that are written to a stream; returns false, and counts nothing, if there is no room for them. */
    public boolean tryCharge(long bytes) {
        if (written + bytes > hardLimit) {
            counters.count(Limit.CONNECTION_SEND_BYTES, "refused a write of " + bytes + " bytes");
            return false;
        }
        written += bytes;
        node.add(bytes);
        return true;
    }

    /** Called when the socket has taken a part of what was written. */
    public void progressed() {
        node.progressed();
    }

    /** Removes bytes that the socket has taken, or that were dropped. */
    public void writtenOrDropped(long bytes) {
        written -= bytes;
        node.add(-bytes);
        scheduleGrants();
    }

    /** Ends the share of the node once its bytes are gone, and all waiting. */
    void close() {
        closed = true;
        List.copyOf(waiting).forEach(reservation -> reservation.onClosed.run());
        waiting.clear();
        node.close();
    }

    /** Returns the bytes that were written to streams and wait to be sent. */
    public long unsentBytes() {
        return written;
    }

    private boolean fits(long bytes) {
        long held = reserved + written;
        return held <= aloneBytes || held + bytes <= limit;
    }

    /** Grants later, because room may become free within a write of the stream that waits. */
    private void scheduleGrants() {
        if (grantScheduled || waiting.isEmpty()) {
            return;
        }
        grantScheduled = true;
        try {
            executor.execute(this::grantWaiting);
        } catch (RejectedExecutionException e) {
            waiting.clear(); // the event loop has terminated, and all streams with it
        }
    }

    private void grantWaiting() {
        grantScheduled = false;
        Reservation next = waiting.peek();
        while (next != null && fits(next.bytes)) {
            waiting.remove();
            next.grant();
            next.onGranted.run();
            next = waiting.peek();
        }
    }
}
