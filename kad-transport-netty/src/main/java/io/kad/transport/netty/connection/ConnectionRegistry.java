package io.kad.transport.netty.connection;

import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The open connections, by peer. Thread-safe. */
public final class ConnectionRegistry {

    private final Map<PeerId, List<PeerConnection>> byPeer = new ConcurrentHashMap<>();

    /** Adds a connection. */
    public void add(PeerConnection connection) {
        byPeer.compute(connection.peer(), (peer, present) -> {
            List<PeerConnection> extended = present == null ? new ArrayList<>(1) : new ArrayList<>(present);
            extended.add(connection);
            return List.copyOf(extended);
        });
    }

    /** Removes a connection and returns how many to the same peer are left. */
    public int remove(PeerConnection connection) {
        List<PeerConnection> left = byPeer.computeIfPresent(connection.peer(), (peer, present) -> {
            List<PeerConnection> rest =
                    present.stream().filter(other -> other != connection).toList();
            return rest.isEmpty() ? null : rest;
        });
        return left == null ? 0 : left.size();
    }

    /** Returns the connection to use for a new stream to {@code peer}: the newest that is open. */
    public Optional<PeerConnection> newestOpen(PeerId peer) {
        List<PeerConnection> present = byPeer.getOrDefault(peer, List.of());
        for (int index = present.size() - 1; index >= 0; index--) {
            if (present.get(index).isOpen()) {
                return Optional.of(present.get(index));
            }
        }
        return Optional.empty();
    }

    /** Returns the connections to {@code peer}. */
    public List<PeerConnection> get(PeerId peer) {
        return byPeer.getOrDefault(peer, List.of());
    }

    /** Returns every connection. */
    public List<PeerConnection> all() {
        return byPeer.values().stream().flatMap(Collection::stream).toList();
    }
}
