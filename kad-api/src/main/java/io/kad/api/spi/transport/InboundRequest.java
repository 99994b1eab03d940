package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;

/**
 * Request that a remote peer sent to the local peer. Immutable.
 *
 * @param from the authenticated sender
 * @param remoteAddress the address from which the sender is connected, without {@code /p2p}
 * @param request the decoded message
 * @param redelivered whether the transport delivers the request once more, as message queues do, because its connection had no room for the first
 *     response, which was dropped; only GET_VALUE, whose record is read again. The request itself was reported before
 */
public record InboundRequest(PeerId from, Multiaddr remoteAddress, KadRequest request, boolean redelivered) {

    public InboundRequest {
        requireNonNull(from, "from");
        requireNonNull(remoteAddress, "remoteAddress");
        requireNonNull(request, "request");
    }

    /** Creates a request that is not redelivered. */
    public InboundRequest(PeerId from, Multiaddr remoteAddress, KadRequest request) {
        this(from, remoteAddress, request, false);
    }
}
