package io.kad.api;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Distance;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Snapshot of the routing table. Immutable.
 *
 * @param entries its peers, closest bucket first
 * @param pending the pending peers of full buckets, at most one for each bucket, closest bucket first; they are not in {@code entries}
 */
public record RoutingTableView(List<Entry> entries, List<Entry> pending) {

    /** Creates a view without pending peers. */
    public RoutingTableView(List<Entry> entries) {
        this(entries, List.of());
    }

    public RoutingTableView {
        entries = List.copyOf(entries);
        pending = List.copyOf(pending);
    }

    /** Returns the buckets that are not empty, closest first. */
    public List<Bucket> buckets() {
        Map<Integer, List<Entry>> byIndex = new TreeMap<>();
        entries.forEach(entry -> byIndex.computeIfAbsent(entry.bucket(), index -> new ArrayList<>())
                .add(entry));
        return byIndex.entrySet().stream()
                .map(bucket -> new Bucket(bucket.getKey(), bucket.getValue()))
                .toList();
    }

    /**
     * Returns the bucket whose range contains {@code distance}; it may be empty.
     *
     * @param distance XOR distance from the local peer, greater than 0
     * @throws IllegalArgumentException if the distance is 0, which is that of the local peer
     */
    public Bucket bucket(Distance distance) {
        int index = distance.log2();
        if (index < 0) {
            throw new IllegalArgumentException(
                    "distance must be greater than 0, got 0: no bucket contains the local peer");
        }
        return new Bucket(
                index, entries.stream().filter(entry -> entry.bucket() == index).toList());
    }

    /** Returns the entry of {@code peer}; empty if the peer is not in the table. */
    public Optional<Entry> find(PeerId peer) {
        return entries.stream().filter(entry -> entry.peer().equals(peer)).findFirst();
    }

    /**
     * Bucket of the routing table: the peers at distances from 2^{@code index}, inclusive, to 2^({@code index} + 1), exclusive.
     *
     * @param index binary logarithm of the distances, 0 to 255
     * @param entries peers of the bucket
     */
    public record Bucket(int index, List<Entry> entries) {
        public Bucket {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Entry of the routing table: one peer.
     *
     * @param peer ID of the peer
     * @param bucket index of its bucket: the binary logarithm of its distance, 0 to 255
     * @param connected true if the table counts the peer as connected
     * @param addresses addresses at which it can be dialled
     */
    public record Entry(PeerId peer, int bucket, boolean connected, List<Multiaddr> addresses) {
        public Entry {
            requireNonNull(peer, "peer");
            addresses = List.copyOf(addresses);
        }
    }
}
