package io.kad.store.memory;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Index of the entries that may be evicted, ordered by their distance from the local peer. Not thread-safe: used under the lock
 * of the table.
 *
 * @param <V> the type of an entry
 */
final class DistanceIndex<V extends StoreEntry<V>> implements EntryIndex<V>, EvictionRule<V> {

    private final NavigableMap<Distance, Bytes> keys = new TreeMap<>();

    @Override
    public void onChange(Bytes key, @Nullable V previous, @Nullable V next) {
        Distance previousDistance = previous == null ? null : previous.evictionDistance();
        Distance nextDistance = next == null ? null : next.evictionDistance();
        if (previousDistance == null && nextDistance != null) {
            keys.put(nextDistance, key);
        } else if (previousDistance != null && nextDistance == null) {
            keys.remove(previousDistance);
        }
    }

    @Override
    public void clear() {
        keys.clear();
    }

    /** Returns the entries that are farther away than the new one, the farthest first; none for an entry that may not evict. */
    @Override
    public Candidates<V> candidates(Bytes key, @Nullable V entry, V next, Function<Bytes, @Nullable V> entries) {
        Distance distance = next.evictionDistance();
        if (distance == null) {
            return Optional::empty;
        }
        Iterator<Bytes> farther =
                keys.tailMap(distance, false).descendingMap().values().iterator();
        return () -> farther.hasNext() ? Optional.of(new Eviction<>(farther.next(), null)) : Optional.empty();
    }
}
