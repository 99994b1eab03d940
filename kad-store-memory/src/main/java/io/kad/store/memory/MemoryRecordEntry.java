package io.kad.store.memory;

import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record in the store.
 *
 * @param record the record
 * @param usage what it takes of the limits
 * @param evictionDistance how far from this peer its key is; null for an own record, which never gives way
 */
record MemoryRecordEntry(
        Record record, Usage usage, @Nullable Distance evictionDistance) implements StoreEntry<MemoryRecordEntry> {

    /**
     * The heap of a record apart from its key and value: its objects, the entry, and the places in the two orders. Measured:
     * 663 on a 64-bit JVM with compressed pointers, every field in use.
     */
    static final int OVERHEAD_BYTES = 704;

    /** Returns {@code record} as held by the peer {@code self}, which lives at {@code place}. */
    static MemoryRecordEntry of(Record record, PeerId self, KadKey place) {
        long bytes = (long) OVERHEAD_BYTES
                + record.key().bytes().size()
                + record.value().size();
        Usage.Amount amount = new Usage.Amount(1, 1, bytes);
        boolean own = record.publisher().filter(self::equals).isPresent();
        return own
                ? new MemoryRecordEntry(record, new Usage(amount, Usage.Amount.NONE), null)
                : new MemoryRecordEntry(
                        record,
                        new Usage(Usage.Amount.NONE, amount),
                        place.distance(KadKey.hash(record.key().bytes())));
    }

    @Override
    public Instant firstExpiry() {
        return record.expires().orElse(Instant.MAX);
    }

    /** Returns whether it is a record of this peer itself. */
    boolean isLocal() {
        return evictionDistance == null;
    }

    @Override
    public @Nullable MemoryRecordEntry withoutExpired(Instant now, int limit) {
        return record.isExpired(now) ? null : this;
    }
}
