package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;

/**
 * The outcome of a bootstrap.
 *
 * @param peers entries of the routing table afterwards
 * @param refreshedBuckets how many buckets were refreshed beside the own neighbourhood
 * @param stats what the queries cost together
 */
public record BootstrapResult(int peers, int refreshedBuckets, QueryStats stats) {
    public BootstrapResult {
        requireNonNull(stats, "stats");
    }
}
