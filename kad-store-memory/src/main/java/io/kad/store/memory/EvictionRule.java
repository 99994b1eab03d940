package io.kad.store.memory;

import io.kad.api.id.Bytes;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rule for what is evicted to make room for a new entry. Called under the lock of the table.
 *
 * @param <V> the type of an entry
 */
interface EvictionRule<V> {

    /**
     * Returns the candidates for eviction in favour of the entry {@code next}, the first to go first. The table does not change while they
     * are read.
     *
     * @param key the key of the new entry
     * @param entry the present entry of that key; null for none
     * @param entries finds the present entry of a key
     */
    Candidates<V> candidates(Bytes key, @Nullable V entry, V next, Function<Bytes, @Nullable V> entries);

    /** Sequence of evictions. */
    @FunctionalInterface
    interface Candidates<V> {

        /**
         * Returns the next eviction; empty if nothing else may go.
         *
         * @param needsKey whether the number of keys is exceeded, so that only an eviction that leaves nothing of an entry makes room
         */
        Optional<Eviction<V>> next(boolean needsKey);
    }

    /**
     * Eviction of an entry or a part of it.
     *
     * @param key the key of the entry
     * @param rest what is left of it, all earlier evictions included; null for nothing
     */
    record Eviction<V>(Bytes key, @Nullable V rest) {}
}
