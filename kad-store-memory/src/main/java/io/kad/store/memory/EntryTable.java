package io.kad.store.memory;

import io.kad.api.id.Bytes;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bounded map from keys to entries, with indexes for paging, expiry and eviction, and with quotas.
 *
 * <p>Thread-safe. Reads take no lock. Writes are serialized by one lock, so that map, indexes and quotas change together.
 *
 * @param <V> the type of an entry
 */
final class EntryTable<V extends StoreEntry<V>> {

    /*
     * A change that finds no room changes nothing. The table then removes expired entries and tries again. If nothing is expired,
     * it evicts what its eviction rule selects, provided that this makes enough room; otherwise the change is refused. The content
     * therefore depends only on which entries are expired, and not on the time of the last sweep.
     */

    /** The number of expired records that a refused change removes before it tries again. */
    private static final int SWEEP_STEP = 64;

    /** The number of expired records that each write removes, so that the table shrinks without any sweeps. */
    private static final int SWEEP_PER_WRITE = 2;

    private final InstantSource clock;
    private final QuotaTracker quotas;
    private final EvictionListener<V> evictionListener;
    private final Map<Bytes, V> entries = new ConcurrentHashMap<>();
    private final ExpiryIndex<V> expiries = new ExpiryIndex<>();
    private final EvictionRule<V> evictionRule;
    private final List<EntryIndex<V>> indexes;
    private volatile boolean closed;

    /**
     * Creates an empty table.
     *
     * @param indexes further indexes to update with each change
     * @param evictionRule selects what is evicted for a new entry
     * @param evictionListener called under the lock of the table after each eviction
     */
    EntryTable(
            InstantSource clock,
            QuotaTracker quotas,
            List<EntryIndex<V>> indexes,
            EvictionRule<V> evictionRule,
            EvictionListener<V> evictionListener) {
        this.clock = clock;
        this.quotas = quotas;
        this.evictionRule = evictionRule;
        this.evictionListener = evictionListener;
        this.indexes = new ArrayList<>(indexes);
        this.indexes.add(expiries);
    }

    /** Change of one entry; see {@link #change}. */
    @FunctionalInterface
    interface Change<V> {

        /**
         * Returns the result of the change; does not modify the table.
         *
         * @param entry the current entry; null for none
         * @throws StoreException.Full if there is no room unless other records are removed
         */
        ChangeResult<V> apply(@Nullable V entry, Instant now) throws StoreException;
    }

    /**
     * Result of a {@link Change}.
     *
     * @param next the new entry; null to remove the current one
     * @param replacing whether a stored record is replaced, in which case the limit on the number of keys does not apply
     */
    record ChangeResult<V>(@Nullable V next, boolean replacing) {}

    /** Receives evictions. */
    @FunctionalInterface
    interface EvictionListener<V> {

        /** Called after {@code evicted}, or a part of it, was removed to make room for {@code closer}. */
        void onEviction(V evicted, V closer);
    }

    /** Returns the entry under {@code key}, expired or not; null for none. */
    @Nullable
    V get(Bytes key) throws StoreException.Closed {
        requireOpen();
        return entries.get(key);
    }

    /**
     * Replaces the entry under {@code key} by the result of {@code change}, atomically.
     *
     * @param change may be called more than once, under the lock; its argument may contain records that expired in the meantime
     */
    synchronized void change(Bytes key, Change<V> change) throws StoreException {
        requireOpen();
        Instant now = clock.instant();
        removeExpired(key, now);
        Optional<StoreException.Full> refusal;
        do {
            requireOpen();
            refusal = tryChange(key, change, now);
        } while (refusal.isPresent() && sweep(SWEEP_STEP, now) > 0);
        if (refusal.isPresent() && !changeByEvicting(key, change, now)) {
            throw refusal.get();
        }
        sweep(SWEEP_PER_WRITE, now);
    }

    /** Removes the expired records of a key, because replacing one of them must not bypass the limit on the number of keys. */
    private void removeExpired(Bytes key, Instant now) {
        V entry = entries.get(key);
        V live = entry == null ? null : entry.withoutExpired(now, Integer.MAX_VALUE);
        if (live != entry) {
            set(key, entry, live);
        }
    }

    /** Makes the change if there is room; returns the refusal if not. */
    private Optional<StoreException.Full> tryChange(Bytes key, Change<V> change, Instant now) throws StoreException {
        V entry = entries.get(key);
        ChangeResult<V> result;
        try {
            result = change.apply(entry, now);
        } catch (StoreException.Full full) {
            return Optional.of(full);
        }
        V next = result.next();
        if (next == entry) {
            return Optional.empty();
        }
        Usage before = usageOf(entry);
        Usage after = usageOf(next);
        // What uses no more than before exceeds no limit by more than now
        QuotaTracker.Limit exceeded =
                before.equals(after) ? null : quotas.exceededLimit(before, after, result.replacing());
        if (exceeded != null) {
            return Optional.of(quotas.refusal(exceeded));
        }
        set(key, entry, next);
        return Optional.empty();
    }

    private boolean changeByEvicting(Bytes key, Change<V> change, Instant now) throws StoreException {
        V entry = entries.get(key);
        ChangeResult<V> result = change.apply(entry, now);
        V next = result.next();
        if (next == null) {
            return false;
        }
        EvictionRule.Candidates<V> candidates = evictionRule.candidates(key, entry, next, entries::get);
        Map<Bytes, Optional<V>> planned = new LinkedHashMap<>();
        planned.put(key, Optional.of(next));
        Usage before = usageOf(entry);
        Usage after = next.usage();
        QuotaTracker.Limit exceeded = quotas.exceededLimit(before, after, result.replacing());
        while (exceeded != null) {
            Optional<EvictionRule.Eviction<V>> eviction = candidates.next(exceeded.isOfKeys());
            if (eviction.isEmpty()) {
                return false;
            }
            Bytes evictedKey = eviction.get().key();
            Optional<V> current = planned.get(evictedKey);
            if (current == null) {
                current = Optional.ofNullable(entries.get(evictedKey));
                before = before.plus(usageOf(current.orElse(null)));
            } else {
                after = after.minus(usageOf(current.orElse(null)));
            }
            after = after.plus(usageOf(eviction.get().rest()));
            planned.put(evictedKey, Optional.ofNullable(eviction.get().rest()));
            exceeded = quotas.exceededLimit(before, after, result.replacing());
        }
        List<V> evicted = new ArrayList<>();
        planned.forEach((plannedKey, rest) -> {
            V previous = entries.get(plannedKey);
            if (previous != null && !plannedKey.equals(key)) {
                evicted.add(previous);
            }
            set(plannedKey, previous, rest.orElse(null));
        });
        V stored = planned.getOrDefault(key, Optional.empty()).orElse(next);
        evicted.forEach(farther -> evictionListener.onEviction(farther, stored));
        return true;
    }

    private void set(Bytes key, @Nullable V previous, @Nullable V next) {
        Usage before = usageOf(previous);
        Usage after = usageOf(next);
        if (!before.equals(after)) {
            quotas.replace(before, after);
        }
        if (next == null) {
            entries.remove(key);
        } else {
            entries.put(key, next);
        }
        for (EntryIndex<V> index : indexes) {
            index.onChange(key, previous, next);
        }
    }

    /**
     * Returns one page over the keys of {@code index}; weakly consistent with concurrent changes.
     *
     * @param after the last key of the previous page; empty for the first page
     * @param limit the number of keys to visit
     * @param item maps an entry to the item to return; empty to skip the entry
     */
    <T> Page<T> page(KeyIndex<V> index, Optional<Bytes> after, int limit, Function<V, Optional<T>> item)
            throws StoreException.Closed {
        requireOpen();
        List<T> items = new ArrayList<>();
        Iterator<Bytes> keys = index.after(after).iterator();
        Optional<Bytes> last = Optional.empty();
        for (int visited = 0; visited < limit && keys.hasNext(); visited++) {
            Bytes key = keys.next();
            last = Optional.of(key);
            V entry = entries.get(key);
            if (entry != null) {
                item.apply(entry).ifPresent(items::add);
            }
        }
        return new Page<>(items, keys.hasNext() ? last : Optional.empty());
    }

    /** Removes up to {@code limit} expired records and returns the number removed. */
    synchronized int removeExpired(int limit) throws StoreException.Closed {
        requireOpen();
        return sweep(limit, clock.instant());
    }

    /** Returns the number of stored records, expired ones included. */
    long size() throws StoreException.Closed {
        requireOpen();
        return quotas.records();
    }

    /** Removes all entries. Every later call throws {@link StoreException.Closed}. */
    synchronized void close() {
        closed = true;
        entries.clear();
        indexes.forEach(EntryIndex::clear);
    }

    private void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed();
        }
    }

    private int sweep(int limit, Instant now) {
        int removed = 0;
        while (removed < limit) {
            Optional<Bytes> key = expiries.firstExpired(now);
            V entry = key.map(entries::get).orElse(null);
            if (key.isEmpty() || entry == null) {
                break;
            }
            V rest = entry.withoutExpired(now, limit - removed);
            removed += entry.usage().records() - usageOf(rest).records();
            set(key.get(), entry, rest);
        }
        return removed;
    }

    private static Usage usageOf(@Nullable StoreEntry<?> entry) {
        return entry == null ? Usage.NONE : entry.usage();
    }
}
