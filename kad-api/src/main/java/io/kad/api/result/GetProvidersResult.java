package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.message.PeerInfo;
import java.util.List;

/**
 * Result of a lookup of the providers of a key. Immutable.
 *
 * @param providers each provider once, in the order found; may be empty
 * @param stats cost of the query
 */
public record GetProvidersResult(List<PeerInfo> providers, QueryStats stats) implements QueryResult {
    public GetProvidersResult {
        providers = List.copyOf(providers);
        requireNonNull(stats, "stats");
    }
}
