package io.kad.store.memory;

import io.kad.api.id.Bytes;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rule that evicts the record whose {@link EvictionRank} is the greatest, if it is greater than that of the new record. Local records have no
 * rank: they are never evicted, and evict none. Not thread-safe: used under the lock of the table.
 */
final class RecordEvictionRule implements EntryIndex<MemoryRecordEntry>, EvictionRule<MemoryRecordEntry> {

    private final NavigableMap<EvictionRank, Bytes> keys = new TreeMap<>();

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
            return Optional::empty;
        }
        Iterator<Bytes> greater =
                keys.tailMap(rank, false).descendingMap().values().iterator();
        return () -> next(greater, key);
    }

    /** Returns the next eviction; never of {@code key} itself, whose large record a smaller one replaces. */
    private static Optional<Eviction<MemoryRecordEntry>> next(Iterator<Bytes> greater, Bytes key) {
        while (greater.hasNext()) {
            Bytes evicted = greater.next();
            if (!evicted.equals(key)) {
                return Optional.of(new Eviction<>(evicted, null));
            }
        }
        return Optional.empty();
    }
}
