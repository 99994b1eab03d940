package io.kad.transport.netty.limit;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Limit of the bytes that wait to be sent on one connection, over all its streams.
 *
 * <p>Room is reserved for a response before its request is passed to the handler, and for a large request of the local peer before it is sent.
 * Reservations that do not fit wait, and are granted in their order. A message that is larger than the limit fits while nothing else has room. What
 * is written counts until the socket has taken all of it. Confined to the event loop of the connection.
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

    /** While the connection holds no more bytes than this, those of negotiations, a message larger than the limit is admitted. */
    private final long nearlyEmptyBytes;

    private final ByteBudget.Account nodeAccount;
    private final LimitCounters counters;
    private final Queue<Reservation> waiting = new ArrayDeque<>();
    private boolean closed;
    private long reserved;
    private long unsentBytes;
    private boolean grantScheduled;

    /**
     * Creates the budget of one connection.
     *
     * @param executor event loop of the connection
     * @param limit in bytes
     * @param maxMessageBytes largest single message, in bytes
     * @param nodeAccount account in the budget of the node
     */
    public SendBudget(
            Executor executor,
            long limit,
            long maxMessageBytes,
            ByteBudget.Account nodeAccount,
            LimitCounters counters) {
        this.executor = executor;
        this.limit = limit;
        this.nearlyEmptyBytes = limit / 64;
        this.hardLimit = limit + maxMessageBytes + UNRESERVED_BYTES;
        this.nodeAccount = nodeAccount;
        this.counters = counters;
    }

    /** Room that is reserved, or that waits for its turn. */
    public final class Reservation {

        private final Runnable onGrantedLater;
        private final Runnable onClosed;
        private long bytes;
        private boolean granted;
        private boolean released;

        private Reservation(long bytes, Runnable onGrantedLater, Runnable onClosed) {
            this.onClosed = onClosed;
            this.bytes = bytes;
            this.onGrantedLater = onGrantedLater;
        }

        /** Returns whether the room is reserved. */
        public boolean isGranted() {
            return granted && !released;
        }

        /** Enlarges the reserved room, if that fits now; returns whether it did. A smaller number has no effect. */
        public boolean tryEnlarge(long size) {
            long others = reserved + unsentBytes - bytes;
            if (size > bytes && others > nearlyEmptyBytes && others + size > limit) {
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
     * Reserves room as the other method does, for a caller that learns of the end of the connection in another way.
     *
     * @param onGrantedLater as of the other method
     */
    public Reservation reserve(long bytes, Runnable onGrantedLater) {
        return reserve(bytes, onGrantedLater, () -> {});
    }

    /**
     * Reserves room for {@code bytes}: at once if it fits and nobody waits, and then neither callback is called, so the caller asks {@link
     * Reservation#isGranted} and goes on itself. Otherwise the reservation waits for its turn, and one callback at most is called, on the event
     * loop, never within this call; none after {@link Reservation#release}.
     *
     * @param onGrantedLater called when a reservation that has waited is granted
     * @param onClosed called if the connection closes while the reservation waits
     */
    public Reservation reserve(long bytes, Runnable onGrantedLater, Runnable onClosed) {
        Reservation reservation = new Reservation(bytes, onGrantedLater, onClosed);
        if (closed || (waiting.isEmpty() && fits(bytes))) {
            reservation.grant();
        } else {
            counters.countAndLog(LimitId.CONNECTION_SEND_BYTES, "requests wait for the messages before them");
            waiting.add(reservation);
            scheduleGrants();
        }
        return reservation;
    }

    /** Charges bytes that are written to a stream; returns false, and charges nothing, if there is no room for them. */
    public boolean tryCharge(long bytes) {
        if (unsentBytes + bytes > hardLimit) {
            counters.countAndLog(LimitId.CONNECTION_SEND_BYTES, "refused a write of " + bytes + " bytes");
            return false;
        }
        unsentBytes += bytes;
        nodeAccount.charge(bytes);
        return true;
    }

    /** Called when the socket has taken a part of what was written. */
    public void progressed() {
        nodeAccount.progressed();
    }

    /** Releases bytes that the socket has taken, or that were dropped. */
    public void release(long bytes) {
        unsentBytes -= bytes;
        nodeAccount.release(bytes);
        scheduleGrants();
    }

    /** Ends the account in the budget of the node once its bytes are gone, and all waiting. */
    void close() {
        closed = true;
        List.copyOf(waiting).forEach(reservation -> reservation.onClosed.run());
        waiting.clear();
        nodeAccount.close();
    }

    /** Returns the bytes that were written to streams and wait to be sent. */
    public long unsentBytes() {
        return unsentBytes;
    }

    private boolean fits(long bytes) {
        long held = reserved + unsentBytes;
        return held <= nearlyEmptyBytes || held + bytes <= limit;
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
            next.onGrantedLater.run();
            next = waiting.peek();
        }
    }
}
