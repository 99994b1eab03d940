package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a peer says of itself over a connection.
 *
 * @param peer the authenticated peer
 * @param agent its software and version, as it names them; empty when it does not say
 * @param protocolVersion the protocol family it names; empty when it does not say
 * @param protocols the stream protocols it serves
 * @param listenAddresses where it listens, without {@code /p2p}
 * @param observedAddress the address it sees us at
 * @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">identify 1.0.0</a>
 */
public record PeerIdentification(
        PeerId peer,
        String agent,
        String protocolVersion,
        Set<String> protocols,
        List<Multiaddr> listenAddresses,
        Optional<Multiaddr> observedAddress) {

    public PeerIdentification {
        requireNonNull(peer, "peer");
        requireNonNull(agent, "agent");
        requireNonNull(protocolVersion, "protocolVersion");
        protocols = Set.copyOf(protocols);
        listenAddresses = List.copyOf(listenAddresses);
        requireNonNull(observedAddress, "observedAddress");
    }
}
