package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import java.util.List;
import java.util.Optional;

/**
 * The best record found under a key.
 *
 * @param record the record
 * @param from a peer that holds it; empty for the own store
 * @param answers how many valid records were found, worse ones included
 * @param lacking the peers near the key, and those chosen to cache it, that answered without the best record and are sent it now
 * @param stats what the query cost
 */
public record GetRecordResult(
        Record record, Optional<PeerId> from, int answers, List<PeerId> lacking, QueryStats stats) {
    public GetRecordResult {
        requireNonNull(record, "record");
        requireNonNull(from, "from");
        lacking = List.copyOf(lacking);
        requireNonNull(stats, "stats");
    }
}
