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
 * @param storedBy the remote peers that stored it and are among the closest that responded, closest first
 * @param alsoStoredBy further remote peers that stored it: the query took them for some of the closest until closer ones responded
 *     late. They do not count towards the quorum
 * @param quorum number of peers that were required
 * @param stats cost of the query
 */
public record PutResult(RecordKey key, List<PeerId> storedBy, List<PeerId> alsoStoredBy, int quorum, QueryStats stats)
        implements QueryResult {
    public PutResult {
        requireNonNull(key, "key");
        storedBy = List.copyOf(storedBy);
        alsoStoredBy = List.copyOf(alsoStoredBy);
        requireNonNull(stats, "stats");
    }
}
