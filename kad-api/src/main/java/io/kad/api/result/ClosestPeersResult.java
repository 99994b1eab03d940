package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.message.PeerInfo;
import java.util.List;

/**
 * The peers closest to a key.
 *
 * @param peers those that answered, nearest first
 * @param stats what the query cost
 */
public record ClosestPeersResult(List<PeerInfo> peers, QueryStats stats) {
    public ClosestPeersResult {
        peers = List.copyOf(peers);
        requireNonNull(stats, "stats");
    }
}
