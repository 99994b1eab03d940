package io.kad.sim.network;

import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import java.time.Duration;

/** How a peer treats the requests of others. */
public interface PeerBehavior {

    /** As the production code does. */
    PeerBehavior HONEST = (peer, request, responder, honestly) -> honestly.run();

    /** It takes requests and never answers. */
    PeerBehavior SILENT = (peer, request, responder, honestly) -> {};

    /**
     * Serves a request.
     *
     * @param peer who is asked
     * @param honestly has the production code of the peer serve it
     */
    void serve(SimPeer peer, InboundRequest request, Responder responder, Runnable honestly);

    /** Returns whether it means harm. */
    default boolean isAdversarial() {
        return false;
    }

    /** It takes {@code delay} longer. */
    static PeerBehavior slow(Duration delay) {
        return (peer, request, responder, honestly) -> peer.schedule(delay.toNanos(), honestly);
    }
}
