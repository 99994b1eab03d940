package io.kad.core.peer;

import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportEvent;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The peers that are connected and said what they are, clients too; they are told to others who look for just them. No more than there
 * are connections. Thread-safe.
 */
final class IdentifiedPeers {

    private final int maxAddresses;
    private final Map<PeerId, PeerIdentification> peers = new ConcurrentHashMap<>();

    /** Knows nobody yet. */
    IdentifiedPeers(int maxAddresses) {
        this.maxAddresses = maxAddresses;
    }

    /** Takes note of what happened to the transport. */
    void take(TransportEvent event) {
        if (event instanceof TransportEvent.PeerIdentified identified) {
            peers.put(identified.identification().peer(), identified.identification());
        } else if (event instanceof TransportEvent.ConnectionClosed closed && closed.remaining() == 0) {
            peers.remove(closed.connection().peer());
        }
    }

    /** Returns the peer and its addresses, if it is connected. */
    Optional<PeerInfo> find(PeerId peer) {
        return Optional.ofNullable(peers.get(peer))
                .map(known -> new PeerInfo(
                        known.peer(),
                        known.listenAddresses().stream().limit(maxAddresses).toList(),
                        ConnectionType.CONNECTED));
    }
}
