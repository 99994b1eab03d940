package io.kad.store.memory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Content of a store under one key. Immutable.
 *
 * @param <V> the implementing type
 */
interface StoreEntry<V extends StoreEntry<V>> {

    /** Returns the part of the quotas that this entry uses. */
    Usage usage();

    /** Returns the expiry of the record that expires first; {@link Instant#MAX} for never. */
    Instant firstExpiry();

    /**
     * Returns this entry without its expired records.
     *
     * @param limit the largest number of records to remove
     * @return null if no record is left
     */
    @Nullable
    V withoutExpired(Instant now, int limit);
}
