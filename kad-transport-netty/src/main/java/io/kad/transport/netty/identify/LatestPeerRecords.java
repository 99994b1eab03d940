package io.kad.transport.netty.identify;

import io.kad.api.id.PeerId;
import io.kad.wire.SignedPeerRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Latest signed peer record of each connected peer: an older one, which another connection or a slower check brings, never replaces it.
 *
 * <p>There is at most one for each open connection. Thread-safe.
 */
final class LatestPeerRecords {

    /**
     * Record of a peer.
     *
     * @param record the latest one
     * @param connections IDs of the open connections that brought one
     */
    private record Latest(SignedPeerRecord record, Set<Long> connections) {

        Latest {
            connections = Set.copyOf(connections);
        }

        Latest with(SignedPeerRecord received, long connection) {
            return new Latest(
                    received.isNewerThan(record) ? received : record,
                    Stream.concat(connections.stream(), Stream.of(connection)).collect(Collectors.toSet()));
        }
    }

    private final Map<PeerId, Latest> records = new HashMap<>();

    /**
     * Returns the latest record of the peer after {@code received} came over {@code connection}, which is open.
     *
     * @param onFirst called if it is the first record of this connection, of which {@link #close} must be called then
     */
    synchronized SignedPeerRecord receive(long connection, SignedPeerRecord received, Runnable onFirst) {
        Latest known = records.get(received.peer());
        if (known == null || !known.connections().contains(connection)) {
            onFirst.run();
        }
        Latest latest = known == null ? new Latest(received, Set.of(connection)) : known.with(received, connection);
        records.put(received.peer(), latest);
        return latest.record();
    }

    /** Forgets the record of {@code peer} if no other open connection brought one. */
    synchronized void close(long connection, PeerId peer) {
        records.computeIfPresent(peer, (id, latest) -> {
            Set<Long> others = new HashSet<>(latest.connections());
            others.remove(connection);
            return others.isEmpty() ? null : new Latest(latest.record(), others);
        });
    }

    /** Returns the number of peers with a record. */
    synchronized int size() {
        return records.size();
    }
}
