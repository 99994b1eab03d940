package io.kad.api.spi.transport;

import io.kad.api.id.PeerId;

/**
 * Receiver of the inbound requests and events of a transport.
 *
 * <p>Called on the threads of the transport, concurrently for different connections: implementations must be thread-safe, and must neither
 * block nor throw. The events of one connection arrive in order.
 */
public interface TransportHandler {

    /** Called for each inbound request; {@code responder} must be called exactly once, during this call or later. */
    void onRequest(InboundRequest request, Responder responder);

    /** Called for each event of the transport. */
    void onEvent(TransportEvent event);

    /**
     * Returns whether connections to {@code peer} are worth more than others, such as those to members of the routing table. A transport that
     * closes connections to make room asks for each, and prefers others.
     */
    default boolean isProtected(PeerId peer) {
        return false;
    }

    /** Returns the gate that a transport asks before it dials, when it accepts, and when a remote peer is authenticated. Never throws or blocks. */
    default ConnectionGate gate() {
        return ConnectionGate.OPEN;
    }
}
