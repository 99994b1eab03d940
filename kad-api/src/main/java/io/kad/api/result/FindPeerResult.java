package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.message.PeerInfo;

/**
 * A peer that was looked for.
 *
 * @param peer the peer with the addresses others know
 * @param stats what the query cost
 */
public record FindPeerResult(PeerInfo peer, QueryStats stats) {
    public FindPeerResult {
        requireNonNull(peer, "peer");
        requireNonNull(stats, "stats");
    }
}
