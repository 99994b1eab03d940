package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import java.util.Optional;

/**
 * Record that another peer has under a key.
 *
 * @param holder the peer that returned it; empty for the local store
 */
record FoundRecord(Record record, Optional<PeerId> holder) {

    FoundRecord {
        requireNonNull(record, "record");
        requireNonNull(holder, "holder");
    }
}
