package io.kad.store.memory;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of what may give way, by how far they are from this peer.
 *
 * @param <V> what is held under a key
 */
final class DistanceIndex<V extends StoreEntry<V>> implements EntryIndex<V> {

    private final NavigableMap<Distance, Bytes> keys = new TreeMap<>();

    @Override
    public void onChange(Bytes key, @Nullable V before, @Nullable V after) {
        Distance was = before == null ? null : before.evictionDistance();
        Distance is = after == null ? null : after.evictionDistance();
        if (was == null && is != null) {
            keys.put(is, key);
        } else if (was != null && is == null) {
            keys.remove(was);
        }
    }

    @Override
    public void clear() {
        keys.clear();
    }

    /** Returns the keys that are farther away than {@code distance}, the farthest first. */
    Collection<Bytes> fartherThan(Distance distance) {
        return keys.tailMap(distance, false).descendingMap().values();
    }
}
