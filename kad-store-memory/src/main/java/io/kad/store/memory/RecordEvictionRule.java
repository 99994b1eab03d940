package io.kad.store.memory;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.spi.StoreListener;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rule that evicts the records of senders that keep more than their fair share, as the listener of the store names them, and then the record whose
 * {@link EvictionRank} is the greatest, if it is greater than that of the new record. Local records have no
 * rank: they are never evicted, and evict none. Not thread-safe: used under the lock of the table.
 */
final class RecordEvictionRule implements EntryIndex<MemoryRecordEntry>, EvictionRule<MemoryRecordEntry> {

    private final StoreListener listener;
    private final NavigableMap<EvictionRank, Bytes> keys = new TreeMap<>();

    /** Creates a rule without records, of which {@code listener} names those that keep more than their fair share. */
    RecordEvictionRule(StoreListener listener) {
        this.listener = listener;
    }

    @Override
    public void onChange(Bytes key, @Nullable MemoryRecordEntry previous, @Nullable MemoryRecordEntry next) {
        EvictionRank before = previous == null ? null : previous.evictionRank();
        EvictionRank after = next == null ? null : next.evictionRank();
        if (Objects.equals(before, after)) {
            return; // the key has not changed
        }
        if (before != null) {
            keys.remove(before);
        }
        if (after != null) {
            keys.put(after, key);
        }
    }

    @Override
    public void clear() {
        keys.clear();
    }

    @Override
    public Candidates<MemoryRecordEntry> candidates(
            Bytes key,
            @Nullable MemoryRecordEntry entry,
            MemoryRecordEntry next,
            Function<Bytes, @Nullable MemoryRecordEntry> entries) {
        EvictionRank rank = next.evictionRank();
        if (rank == null) {
            return needsKey -> Optional.empty();
        }
        return new Plan(key, rank, entries);
    }

    /** Evictions for one new record. */
    private final class Plan implements Candidates<MemoryRecordEntry> {

        private final Bytes newKey;
        private final Function<Bytes, @Nullable MemoryRecordEntry> entries;
        private final Iterator<RecordKey> overShare;
        private final Iterator<Bytes> greater;
        private final Set<Bytes> evicted = new HashSet<>();

        Plan(Bytes newKey, EvictionRank rank, Function<Bytes, @Nullable MemoryRecordEntry> entries) {
            this.newKey = newKey;
            this.entries = entries;
            this.overShare = listener.recordsOverShare(RecordKey.of(newKey));
            this.greater = keys.tailMap(rank, false).descendingMap().values().iterator();
        }

        @Override
        public Optional<Eviction<MemoryRecordEntry>> next(boolean needsKey) {
            while (overShare.hasNext()) {
                Bytes key = overShare.next().bytes();
                if (key.equals(newKey)) {
                    return Optional.empty();
                }
                MemoryRecordEntry entry = entries.apply(key);
                if (entry != null && !entry.isLocal() && evicted.add(key)) {
                    return Optional.of(new Eviction<>(key, null));
                }
                if (entry == null || entry.isLocal()) {
                    overShare.remove();
                }
            }
            return nextGreater();
        }

        /** Returns the next eviction by rank; never of the new key itself, whose large record a smaller one replaces. */
        private Optional<Eviction<MemoryRecordEntry>> nextGreater() {
            while (greater.hasNext()) {
                Bytes key = greater.next();
                if (!key.equals(newKey) && evicted.add(key)) {
                    return Optional.of(new Eviction<>(key, null));
                }
            }
            return Optional.empty();
        }
    }
}
