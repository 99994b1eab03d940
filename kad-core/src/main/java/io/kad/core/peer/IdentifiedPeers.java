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
 * Connected peers that have sent identify, including clients. A remote peer that searches for one of them gets its addresses. Bounded by
 * the number of connections. Thread-safe.
 */
final class IdentifiedPeers {

    private final int maxAddresses;
    private final Map<PeerId, PeerIdentification> peers = new ConcurrentHashMap<>();

    /** Creates an empty collection. */
    IdentifiedPeers(int maxAddresses) {
        this.maxAddresses = maxAddresses;
    }

    /** Updates the peers after an event of the transport. */
    void take(TransportEvent event) {
        if (event instanceof TransportEvent.PeerIdentified identified) {
            peers.put(identified.identification().peer(), identified.identification());
        } else if (event instanceof TransportEvent.ConnectionClosed closed && closed.remaining() == 0) {
            peers.remove(closed.connection().peer());
        }
    }

    /** Returns the peer with its addresses; empty if it is not connected or has not sent identify. */
    Optional<PeerInfo> find(PeerId peer) {
        return Optional.ofNullable(peers.get(peer))
                .map(known -> new PeerInfo(
                        known.peer(),
                        known.listenAddresses().stream().limit(maxAddresses).toList(),
                        ConnectionType.CONNECTED));
    }
}
