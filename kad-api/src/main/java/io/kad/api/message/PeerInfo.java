package io.kad.api.message;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.List;

/**
 * Peer with its addresses, as reported by the sender.
 *
 * @param id the peer
 * @param addresses addresses of the peer, best first, without a trailing {@code /p2p} part; may be empty
 * @param connection connection of the sender to the peer
 */
public record PeerInfo(PeerId id, List<Multiaddr> addresses, ConnectionType connection) {

    public PeerInfo {
        requireNonNull(id, "id");
        addresses = List.copyOf(addresses);
        requireNonNull(connection, "connection");
    }

    /** Returns a peer whose connection to the sender is unknown. */
    public static PeerInfo of(PeerId id, List<Multiaddr> addresses) {
        return new PeerInfo(id, addresses, ConnectionType.NOT_CONNECTED);
    }

    /**
     * Returns the peer at the end of {@code address}, with the address before it: {@code /ip4/127.0.0.1/tcp/4001/p2p/ID} is the peer
     * ID at {@code /ip4/127.0.0.1/tcp/4001}. A bare {@code /p2p/ID} gives a peer without addresses.
     *
     * @throws IllegalArgumentException if {@code address} does not end in {@code /p2p/ID}
     */
    public static PeerInfo of(Multiaddr address) {
        PeerId id = address.peerId()
                .orElseThrow(() -> new IllegalArgumentException(
                        "invalid peer address '" + address + "': expected an address that ends in /p2p/PEERID"));
        return of(id, address.withoutPeerId().stream().toList());
    }

    /**
     * Returns the peer that {@code text} names, such as {@code /ip4/127.0.0.1/tcp/4001/p2p/ID}, as {@link #of(Multiaddr)} does.
     *
     * @throws IllegalArgumentException with one clear line, if {@code text} is not a multiaddr or does not end in {@code /p2p/ID}
     */
    public static PeerInfo parse(String text) {
        return of(Multiaddr.parse(text));
    }
}
