package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;

/**
 * Result of a bootstrap. Immutable.
 *
 * @param peers number of peers in the routing table afterwards
 * @param refreshedBuckets number of buckets that were refreshed after the lookup of the local key
 * @param stats cost of all lookups together
 */
public record BootstrapResult(int peers, int refreshedBuckets, QueryStats stats) implements QueryResult {
    public BootstrapResult {
        requireNonNull(stats, "stats");
    }
}
