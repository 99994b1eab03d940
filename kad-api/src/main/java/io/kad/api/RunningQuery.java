package io.kad.api;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;

/**
 * Snapshot of a running query. Immutable.
 *
 * @param id ID of the query
 * @param kind kind of the query
 * @param key record key or binary peer ID of the query, before hashing
 * @param phase phase of the query
 * @param found number of records and providers found so far, or of peers that have stored the record
 * @param eventCount number of events that the query has emitted
 * @param stats cost of the query so far
 */
public record RunningQuery(
        QueryId id, QueryKind kind, Bytes key, QueryPhase phase, int found, long eventCount, QueryStats stats) {
    public RunningQuery {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
        requireNonNull(key, "key");
        requireNonNull(phase, "phase");
        requireNonNull(stats, "stats");
    }
}
