package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.message.PeerInfo;
import java.util.List;

/**
 * Result of a lookup of the closest peers to a key. Immutable.
 *
 * @param peers the closest peers that responded, closest first
 * @param stats cost of the query
 */
public record ClosestPeersResult(List<PeerInfo> peers, QueryStats stats) implements QueryResult {
    public ClosestPeersResult {
        peers = List.copyOf(peers);
        requireNonNull(stats, "stats");
    }
}
