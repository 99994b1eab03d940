package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.QueryStats;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import java.util.List;

/**
 * Who took a record or an announcement.
 *
 * @param key the key of the record
 * @param storedBy the peers that took it, nearest first; this peer itself does not count
 * @param quorum how many were required
 * @param stats what the query cost
 */
public record PutResult(RecordKey key, List<PeerId> storedBy, int quorum, QueryStats stats) {
    public PutResult {
        requireNonNull(key, "key");
        storedBy = List.copyOf(storedBy);
        requireNonNull(stats, "stats");
    }
}
