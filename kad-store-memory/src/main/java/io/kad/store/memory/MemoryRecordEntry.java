package io.kad.store.memory;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Entry of the record store: a record with its usage and its rank.
 *
 * @param record the record
 * @param usage the part of the quotas that it uses
 * @param evictionRank its rank in the order of eviction; null for a local record, which is never evicted
 */
record MemoryRecordEntry(
        Record record, Usage usage, @Nullable EvictionRank evictionRank) implements StoreEntry<MemoryRecordEntry> {

    /**
     * The heap of a record without the bytes of its key and value: its objects, the entry and the index nodes. Measured: 731 on a 64-bit JVM
     * with compressed pointers, every field in use.
     */
    static final int OVERHEAD_BYTES = 768;

    /**
     * Returns the entry of {@code record}.
     *
     * @param previous the present entry of its key, whose usage and rank are kept if they are the same; null for none
     * @param self the local peer
     * @param selfKey the Kademlia key of the local peer
     */
    static MemoryRecordEntry of(Record record, @Nullable MemoryRecordEntry previous, PeerId self, KadKey selfKey) {
        long bytes = (long) OVERHEAD_BYTES
                + record.key().bytes().size()
                + record.value().size();
        boolean local = record.publisher().filter(self::equals).isPresent();
        if (previous != null && previous.isLocal() == local && previous.usage.bytes() == bytes) {
            return new MemoryRecordEntry(record, previous.usage, previous.evictionRank);
        }
        Usage.Amount amount = new Usage.Amount(1, 1, bytes);
        return local
                ? new MemoryRecordEntry(record, new Usage(amount, Usage.Amount.NONE), null)
                : new MemoryRecordEntry(
                        record,
                        new Usage(Usage.Amount.NONE, amount),
                        EvictionRank.of(
                                selfKey.distance(KadKey.hash(record.key().bytes())), bytes));
    }

    @Override
    public Instant firstExpiry() {
        return record.expires().orElse(Instant.MAX);
    }

    /** Returns whether the local peer published the record. */
    boolean isLocal() {
        return evictionRank == null;
    }

    @Override
    public @Nullable MemoryRecordEntry withoutExpired(Instant now, int limit) {
        return record.isExpired(now) ? null : this;
    }
}
