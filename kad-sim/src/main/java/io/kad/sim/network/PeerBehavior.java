package io.kad.sim.network;

import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import java.time.Duration;

/** Behavior of a peer that receives a request. Called on the thread of the network. */
public interface PeerBehavior {

    /** Behavior of the production code. */
    PeerBehavior HONEST = (peer, request, responder, defaultHandler) -> defaultHandler.run();

    /** Never sends a response. */
    PeerBehavior SILENT = (peer, request, responder, defaultHandler) -> {};

    /**
     * Handles a request.
     *
     * @param peer the peer that received the request
     * @param responder sends the response, now or later; a behavior may leave it unused
     * @param defaultHandler handles the request by the production code of the peer
     */
    void serve(SimPeer peer, InboundRequest request, Responder responder, Runnable defaultHandler);

    /** Returns whether this is the behavior of an adversarial peer, whose responses may be invalid. */
    default boolean isAdversarial() {
        return false;
    }

    /** Returns the behavior of the production code, delayed by {@code delay}. */
    static PeerBehavior slow(Duration delay) {
        return (peer, request, responder, defaultHandler) -> peer.schedule(delay.toNanos(), defaultHandler);
    }
}
