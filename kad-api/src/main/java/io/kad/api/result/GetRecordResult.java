package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import java.util.List;
import java.util.Optional;

/**
 * Result of a get: the best record found under a key. Immutable.
 *
 * @param record the best record
 * @param from a peer that returned the best record; empty for the local store
 * @param validRecords number of valid records found, the best one and others
 * @param peersLackingBest the closest peers, and those chosen for caching, that responded without the best record, which is scheduled to
 *     be written to them; that is skipped if too many corrections run
 * @param stats cost of the query
 */
public record GetRecordResult(
        Record record, Optional<PeerId> from, int validRecords, List<PeerId> peersLackingBest, QueryStats stats)
        implements QueryResult {
    public GetRecordResult {
        requireNonNull(record, "record");
        requireNonNull(from, "from");
        peersLackingBest = List.copyOf(peersLackingBest);
        requireNonNull(stats, "stats");
    }
}
