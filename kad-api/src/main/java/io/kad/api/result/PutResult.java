package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import java.util.List;

/**
 * Result of a put or provide: the peers that stored the record or provider record. Immutable.
 *
 * @param key the key of the record
 * @param storedBy the remote peers that stored it, closest first
 * @param quorum number of peers that were required
 * @param stats cost of the query
 */
public record PutResult(RecordKey key, List<PeerId> storedBy, int quorum, QueryStats stats) implements QueryResult {
    public PutResult {
        requireNonNull(key, "key");
        storedBy = List.copyOf(storedBy);
        requireNonNull(stats, "stats");
    }
}
