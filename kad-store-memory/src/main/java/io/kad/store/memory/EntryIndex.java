package io.kad.store.memory;

import io.kad.api.id.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An order or a count that follows what is held.
 *
 * @param <V> what is held under a key
 */
interface EntryIndex<V> {

    /** Follows a change of what is under {@code key}; null stands for nothing. Called under the lock of the entries. */
    void onChange(Bytes key, @Nullable V before, @Nullable V after);

    /** Forgets everything. Called under the lock of the entries. */
    void clear();
}
