package io.kad.api.message;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.List;

/**
 * A peer and the addresses it is said to have.
 *
 * @param id the peer
 * @param addresses its addresses, best first, without a trailing {@code /p2p} part; may be empty
 * @param connection the sender's connection to the peer
 */
public record PeerInfo(PeerId id, List<Multiaddr> addresses, ConnectionType connection) {

    public PeerInfo {
        requireNonNull(id, "id");
        addresses = List.copyOf(addresses);
        requireNonNull(connection, "connection");
    }

    /** Returns a peer of which nothing is said about the connection. */
    public static PeerInfo of(PeerId id, List<Multiaddr> addresses) {
        return new PeerInfo(id, addresses, ConnectionType.NOT_CONNECTED);
    }
}
