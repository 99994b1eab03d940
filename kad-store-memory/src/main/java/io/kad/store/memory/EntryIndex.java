package io.kad.store.memory;

import io.kad.api.id.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Secondary index of an {@link EntryTable}, updated with each change of an entry.
 *
 * @param <V> the type of an entry
 */
interface EntryIndex<V> {

    /**
     * Called under the lock of the table when the entry of a key changes.
     *
     * @param previous the entry before the change; null if the key is new
     * @param next the entry after the change; null if it was removed
     */
    void onChange(Bytes key, @Nullable V previous, @Nullable V next);

    /** Removes all keys. Called under the lock of the table. */
    void clear();
}
