package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.message.PeerInfo;

/**
 * Result of a lookup of one peer. Immutable.
 *
 * @param peer the peer, with the addresses that other peers returned
 * @param stats cost of the query
 */
public record FindPeerResult(PeerInfo peer, QueryStats stats) implements QueryResult {
    public FindPeerResult {
        requireNonNull(peer, "peer");
        requireNonNull(stats, "stats");
    }
}
