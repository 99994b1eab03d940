package io.kad.store.memory;

import io.kad.api.id.Distance;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is held under one key. Immutable.
 *
 * @param <V> the implementing type
 */
interface StoreEntry<V extends StoreEntry<V>> {

    /** Returns what it takes of the limits. */
    Usage usage();

    /** Returns when the first of its records expires; {@link Instant#MAX} for never. */
    Instant firstExpiry();

    /** Returns how far from this peer it is, if it may give way to what is nearer; null if it never does. */
    @Nullable
    Distance evictionDistance();

    /** Returns this without the records that are expired at {@code now}, or without {@code limit} of them; null for nothing. */
    @Nullable
    V withoutExpired(Instant now, int limit);
}
