package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;

/**
 * A request that a peer sent us.
 *
 * @param from the authenticated sender
 * @param remoteAddress where its connection comes from, without {@code /p2p}
 * @param request what it asks
 */
public record InboundRequest(PeerId from, Multiaddr remoteAddress, KadRequest request) {

    public InboundRequest {
        requireNonNull(from, "from");
        requireNonNull(remoteAddress, "remoteAddress");
        requireNonNull(request, "request");
    }
}
