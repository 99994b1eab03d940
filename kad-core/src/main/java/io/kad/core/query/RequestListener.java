package io.kad.core.query;

import io.kad.api.id.PeerId;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import java.util.List;

/**
 * Listener of the requests that one phase of a query, such as its lookup, has sent.
 *
 * <p>{@link QueryState} calls exactly one of {@link #onResponse}, {@link #onAccepted} and {@link #onFailure} for each request that is neither
 * cancelled nor detached, after it has counted the result and emitted its event.
 */
interface RequestListener {

    /**
     * Called when {@code peer} sent a response that matches the request.
     *
     * @param closerPeers the closer peers in the response, at most {@link io.kad.core.lookup.LookupConfig#maxCloserPeers} of them
     */
    void onResponse(PeerId peer, KadResponse response, List<PeerInfo> closerPeers);

    /** Called when the request to {@code peer} waits for others of the local peer; one of the methods for results follows. */
    default void onQueued(PeerId peer) {}

    /** Called when the queued request to {@code peer} is sent. */
    default void onDequeued(PeerId peer) {}

    /** Called when a message that has no response was sent to {@code peer}; only for a listener whose phase sends such messages. */
    default void onAccepted(PeerId peer) {
        throw new IllegalStateException("this phase sends no message without a response");
    }

    /** Called when the request to {@code peer} failed; a response that does not match it is a failure. */
    void onFailure(PeerId peer, TransportFailure failure);
}
