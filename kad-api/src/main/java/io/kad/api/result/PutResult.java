package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.util.List;
import java.util.Optional;

/**
 * Result of a put or provide: the peers that stored the record or provider record. Immutable.
 *
 * @param key the key of the record
 * @param storedBy the remote peers that stored it and are among the closest that responded, closest first
 * @param alsoStoredBy further remote peers that stored it: the query took them for some of the closest until closer ones responded
 *     late. They do not count towards the quorum
 * @param refusedBy remote peers that refused to store it, as one does that has a better record under the key, closest first. Not filled by a
 *     republication
 * @param better the better record that one of these peers returned, which then also replaces that of the local store, unless the put was at
 *     given peers, if this peer may store it (see {@link io.kad.api.KadException.Superseded}); empty if none did, so that they may have refused for another reason. The peers that stored the put one of another implementation may replace it with this one
 * @param quorum number of peers that were required
 * @param stats cost of the query
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public record PutResult(
        RecordKey key,
        List<PeerId> storedBy,
        List<PeerId> alsoStoredBy,
        List<PeerId> refusedBy,
        Optional<Record> better,
        int quorum,
        QueryStats stats)
        implements QueryResult {
    public PutResult {
        requireNonNull(key, "key");
        storedBy = List.copyOf(storedBy);
        alsoStoredBy = List.copyOf(alsoStoredBy);
        refusedBy = List.copyOf(refusedBy);
        requireNonNull(better, "better");
        requireNonNull(stats, "stats");
    }
}
