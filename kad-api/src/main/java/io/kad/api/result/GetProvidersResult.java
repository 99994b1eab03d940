package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.message.PeerInfo;
import java.util.List;

/**
 * The providers of a key.
 *
 * @param providers each provider once, in the order found; may be empty
 * @param stats what the query cost
 */
public record GetProvidersResult(List<PeerInfo> providers, QueryStats stats) {
    public GetProvidersResult {
        providers = List.copyOf(providers);
        requireNonNull(stats, "stats");
    }
}
