package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Statement of a remote peer about itself, received by identify. Immutable.
 *
 * <p>Only {@code peer} is authenticated. A remote peer may state anything in the other components.
 *
 * @param peer the authenticated peer
 * @param agent software and version ({@code agentVersion}); empty if not stated
 * @param protocolVersion protocol family ({@code protocolVersion}); empty if not stated
 * @param protocols IDs of the stream protocols that the peer supports
 * @param listenAddresses addresses at which the peer listens, without {@code /p2p}
 * @param observedAddress address of the local peer as the remote peer sees it; empty if not stated
 * @param recordSequence sequence number of the signed peer record, as it came, unsigned; empty without a valid one. Usually the time of signing, in
 *     nanoseconds (kad, go-libp2p), milliseconds or seconds since 1970; it need not be a time
 * @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">identify 1.0.0</a>
 */
public record PeerIdentification(
        PeerId peer,
        String agent,
        String protocolVersion,
        Set<String> protocols,
        List<Multiaddr> listenAddresses,
        Optional<Multiaddr> observedAddress,
        OptionalLong recordSequence) {

    public PeerIdentification {
        requireNonNull(peer, "peer");
        requireNonNull(agent, "agent");
        requireNonNull(protocolVersion, "protocolVersion");
        protocols = Set.copyOf(protocols);
        listenAddresses = List.copyOf(listenAddresses);
        requireNonNull(observedAddress, "observedAddress");
        requireNonNull(recordSequence, "recordSequence");
    }

    /** Creates an identification without a signed peer record. */
    public PeerIdentification(
            PeerId peer,
            String agent,
            String protocolVersion,
            Set<String> protocols,
            List<Multiaddr> listenAddresses,
            Optional<Multiaddr> observedAddress) {
        this(peer, agent, protocolVersion, protocols, listenAddresses, observedAddress, OptionalLong.empty());
    }
}
