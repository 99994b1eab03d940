package io.kad.sim.network;

import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;

/** Connection of two simulated peers, shared by both ends. Confined to the thread of the network. */
final class SimConnection {

    private final long id;
    private final SimTransport dialler;
    private final SimTransport listener;
    private final Multiaddr dialled;
    private long usedNanos;
    private boolean open = true;
    private boolean lost;

    /**
     * Creates an open connection.
     *
     * @param dialled the address of the listener that was dialled
     */
    SimConnection(long id, SimTransport dialler, SimTransport listener, Multiaddr dialled, long nowNanos) {
        this.id = id;
        this.dialled = dialled;
        this.dialler = dialler;
        this.listener = listener;
        this.usedNanos = nowNanos;
    }

    boolean isOpen() {
        return open;
    }

    void use(long nowNanos) {
        usedNanos = nowNanos;
    }

    long usedNanos() {
        return usedNanos;
    }

    void close() {
        open = false;
    }

    /** Closes this connection with all that is in flight on it. */
    void lose() {
        close();
        lost = true;
    }

    boolean isLost() {
        return lost;
    }

    SimTransport otherEnd(SimTransport end) {
        return end == dialler ? listener : dialler;
    }

    /** Returns the description of this connection for its end {@code end}. */
    ConnectionInfo infoFor(SimTransport end) {
        SimPeer remote = otherEnd(end).peer();
        return new ConnectionInfo(
                id,
                remote.id(),
                end == dialler ? dialled : remote.address(),
                end == dialler ? Direction.OUTBOUND : Direction.INBOUND,
                "none",
                "none",
                "none",
                0);
    }
}
