package io.kad.core.peer;

import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Connected peers that have sent identify, including clients. A remote peer that searches for one of them gets its addresses. Connections
 * are counted by their IDs, as the events of two of them may overtake each other. Bounded by the number of connections. Thread-safe.
 */
final class IdentifiedPeers {

    private final int maxAddresses;
    private final Map<PeerId, Connected> peers = new ConcurrentHashMap<>();

    /**
     * Connected peer.
     *
     * @param connections the IDs of its open connections; never empty
     */
    private record Connected(List<Long> connections, Optional<PeerIdentification> identification) {

        Connected {
            connections = List.copyOf(connections);
        }

        Connected with(ConnectionInfo connection) {
            return new Connected(
                    Stream.concat(connections.stream(), Stream.of(connection.id()))
                            .distinct()
                            .toList(),
                    identification);
        }

        Connected without(ConnectionInfo connection) {
            return new Connected(
                    connections.stream().filter(id -> id != connection.id()).toList(), identification);
        }
    }

    /** Creates an empty collection. */
    IdentifiedPeers(int maxAddresses) {
        this.maxAddresses = maxAddresses;
    }

    /** Updates the peers after an event of the transport. */
    void onEvent(TransportEvent event) {
        if (event instanceof TransportEvent.ConnectionOpened opened) {
            ConnectionInfo connection = opened.connection();
            peers.merge(
                    connection.peer(),
                    new Connected(List.of(connection.id()), Optional.empty()),
                    (known, added) -> known.with(connection));
        } else if (event instanceof TransportEvent.PeerIdentified identified) {
            peers.computeIfPresent(
                    identified.identification().peer(),
                    (peer, known) ->
                            known.connections().contains(identified.connection().id())
                                    ? new Connected(known.connections(), Optional.of(identified.identification()))
                                    : known);
        } else if (event instanceof TransportEvent.ConnectionClosed closed) {
            peers.computeIfPresent(closed.connection().peer(), (peer, known) -> {
                Connected left = known.without(closed.connection());
                return left.connections().isEmpty() ? null : left;
            });
        }
    }

    /** Returns the peer with its addresses; empty if it is not connected or has not sent identify. */
    Optional<PeerInfo> find(PeerId peer) {
        return Optional.ofNullable(peers.get(peer))
                .flatMap(Connected::identification)
                .map(known -> new PeerInfo(
                        known.peer(),
                        known.listenAddresses().stream().limit(maxAddresses).toList(),
                        ConnectionType.CONNECTED));
    }
}
