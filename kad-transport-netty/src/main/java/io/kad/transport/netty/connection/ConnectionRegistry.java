package io.kad.transport.netty.connection;

import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Open connections by peer. Thread-safe. */
public final class ConnectionRegistry {

    private final Map<PeerId, List<PeerConnection>> byPeer = new ConcurrentHashMap<>();

    /** Adds a connection. */
    public void add(PeerConnection connection) {
        byPeer.compute(connection.peer(), (peer, connections) -> {
            List<PeerConnection> extended = connections == null ? new ArrayList<>(1) : new ArrayList<>(connections);
            extended.add(connection);
            return List.copyOf(extended);
        });
    }

    /** Removes a connection, and returns the number of remaining connections to the same peer. */
    public int remove(PeerConnection connection) {
        List<PeerConnection> others = byPeer.computeIfPresent(connection.peer(), (peer, connections) -> {
            List<PeerConnection> remaining =
                    connections.stream().filter(other -> other != connection).toList();
            return remaining.isEmpty() ? null : remaining;
        });
        return others == null ? 0 : others.size();
    }

    /** Returns the newest open connection to {@code peer}. */
    public Optional<PeerConnection> newestOpen(PeerId peer) {
        List<PeerConnection> connections = byPeer.getOrDefault(peer, List.of());
        for (int index = connections.size() - 1; index >= 0; index--) {
            if (connections.get(index).isOpen()) {
                return Optional.of(connections.get(index));
            }
        }
        return Optional.empty();
    }

    /** Returns the connections to {@code peer}. */
    public List<PeerConnection> get(PeerId peer) {
        return byPeer.getOrDefault(peer, List.of());
    }

    /** Returns whether there is no connection. */
    public boolean isEmpty() {
        return byPeer.isEmpty();
    }

    /** Returns every connection. */
    public List<PeerConnection> all() {
        return byPeer.values().stream().flatMap(Collection::stream).toList();
    }
}
