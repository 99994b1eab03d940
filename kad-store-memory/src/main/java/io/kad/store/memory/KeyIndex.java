package io.kad.store.memory;

import io.kad.api.id.Bytes;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The keys of some of what is held, in the order of their bytes: what pages go over. Reading takes no lock.
 *
 * @param <V> what is held under a key
 */
final class KeyIndex<V> implements EntryIndex<V> {

    private final Predicate<V> listed;
    private final NavigableSet<Bytes> keys = new ConcurrentSkipListSet<>();

    KeyIndex(Predicate<V> listed) {
        this.listed = listed;
    }

    @Override
    public void onChange(Bytes key, @Nullable V before, @Nullable V after) {
        boolean wasListed = before != null && listed.test(before);
        boolean isListed = after != null && listed.test(after);
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

    /** Returns the keys after {@code after}, or all for empty. Weakly consistent. */
    NavigableSet<Bytes> after(Optional<Bytes> after) {
        return after.isPresent() ? keys.tailSet(after.get(), false) : keys;
    }
}
