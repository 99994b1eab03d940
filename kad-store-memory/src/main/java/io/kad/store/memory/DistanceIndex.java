package io.kad.store.memory;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Index of the entries that may be evicted, ordered by their distance from the local peer. Not thread-safe: used under the lock
 * of the table.
 *
 * @param <V> the type of an entry
 */
final class DistanceIndex<V extends StoreEntry<V>> implements EntryIndex<V> {

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

    /** Returns a view of the keys that are farther away than {@code distance}, the farthest first. */
    Collection<Bytes> fartherThan(Distance distance) {
        return keys.tailMap(distance, false).descendingMap().values();
    }
}
