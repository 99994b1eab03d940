package io.kad.store.memory;

import io.kad.api.id.Bytes;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Index of the keys whose entries match a predicate, in the order of their bytes; the basis of pages. Thread-safe; reads take no
 * lock.
 *
 * @param <V> the type of an entry
 */
final class KeyIndex<V> implements EntryIndex<V> {

    private final Predicate<V> listed;
    private final NavigableSet<Bytes> keys = new ConcurrentSkipListSet<>();

    KeyIndex(Predicate<V> listed) {
        this.listed = listed;
    }

    @Override
    public void onChange(Bytes key, @Nullable V previous, @Nullable V next) {
        boolean wasListed = previous != null && listed.test(previous);
        boolean isListed = next != null && listed.test(next);
        if (isListed && !wasListed) {
            keys.add(key);
        } else if (wasListed && !isListed) {
            keys.remove(key);
        }
    }

    @Override
    public void clear() {
        keys.clear();
    }

    /** Returns a weakly consistent view of the keys after {@code after}; of all keys if that is empty. */
    NavigableSet<Bytes> after(Optional<Bytes> after) {
        return after.isPresent() ? keys.tailSet(after.get(), false) : keys;
    }
}
