package io.kad.api;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.List;

/**
 * The routing table as it was at one moment.
 *
 * @param entries its peers, nearest bucket first
 */
public record RoutingTableView(List<Entry> entries) {

    public RoutingTableView {
        entries = List.copyOf(entries);
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
