package io.kad.api;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;

/**
 * A query as it was at one moment.
 *
 * @param id its name
 * @param kind what it is for
 * @param key the key or peer it is about, before hashing
 * @param step how many steps it has taken, each an event of the query
 * @param stats what it has cost so far
 */
public record RunningQuery(QueryId id, QueryKind kind, Bytes key, long step, QueryStats stats) {
    public RunningQuery {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
        requireNonNull(key, "key");
        requireNonNull(stats, "stats");
    }
}
