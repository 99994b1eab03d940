package io.kad.sim.network;

import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;

/** Connection of two simulated peers, shared by both ends. Confined to the thread of the network. */
final class SimConnection {

    private final long id;
    private final SimTransport dialler;
    private final SimTransport listener;
    private long usedNanos;
    private boolean open = true;

    SimConnection(long id, SimTransport dialler, SimTransport listener, long nowNanos) {
        this.id = id;
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

    SimTransport otherEnd(SimTransport end) {
        return end == dialler ? listener : dialler;
    }

    /** Returns the description of this connection for its end {@code end}. */
    ConnectionInfo infoFor(SimTransport end) {
        SimPeer remote = otherEnd(end).peer();
        return new ConnectionInfo(
                id,
                remote.id(),
                remote.address(),
                end == dialler ? Direction.OUTBOUND : Direction.INBOUND,
                "none",
                "none",
                0);
    }
}
