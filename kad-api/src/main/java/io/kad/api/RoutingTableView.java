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
 * The routing table as it was at one moment.
 *
 * @param entries its peers, nearest bucket first
 */
public record RoutingTableView(List<Entry> entries) {

    public RoutingTableView {
        entries = List.copyOf(entries);
    }

    /** Returns the buckets that are not empty, nearest first. */
    public List<Bucket> buckets() {
        Map<Integer, List<Entry>> byIndex = new TreeMap<>();
        entries.forEach(entry -> byIndex.computeIfAbsent(entry.bucket(), index -> new ArrayList<>())
                .add(entry));
        return byIndex.entrySet().stream()
                .map(each -> new Bucket(each.getKey(), each.getValue()))
                .toList();
    }

    /**
     * Returns the bucket in whose range a peer at {@code distance} from this one would be, empty or not.
     *
     * @throws IllegalArgumentException if the distance is zero, that of this peer itself
     */
    public Bucket bucket(Distance distance) {
        int index = distance.log2();
        if (index < 0) {
            throw new IllegalArgumentException("no bucket holds the peer itself");
        }
        return new Bucket(
                index, entries.stream().filter(entry -> entry.bucket() == index).toList());
    }

    /** Returns the entry of {@code peer}. */
    public Optional<Entry> find(PeerId peer) {
        return entries.stream().filter(entry -> entry.peer().equals(peer)).findFirst();
    }

    /**
     * The peers at distances from 2^{@code index} up to, but not including, 2^({@code index} + 1).
     *
     * @param index 0 to 255
     */
    public record Bucket(int index, List<Entry> entries) {
        public Bucket {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A peer of the routing table.
     *
     * @param bucket the index of its bucket: the binary logarithm of its distance, 0 to 255
     * @param connected whether it counts as connected
     */
    public record Entry(PeerId peer, int bucket, boolean connected, List<Multiaddr> addresses) {
        public Entry {
            requireNonNull(peer, "peer");
            addresses = List.copyOf(addresses);
        }
    }
}
