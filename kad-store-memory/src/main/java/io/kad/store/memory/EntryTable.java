package io.kad.store.memory;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a store holds, by key: with indexes to page by, to expire by and to give way by, and the limits.
 *
 * <p>Thread-safe. Reads don't lock; writes take turns, so that map, indexes and ledger change as one.
 *
 * @param <V> what is held under a key
 */
final class EntryTable<V extends StoreEntry<V>> {

    /*
     * A change that finds no room leaves everything as it is, removes expired entries, and is tried again. When nothing is
     * expired, entries that are farther away than it give way, if they may and if that is enough; else it is refused. So what
     * is held depends on what is not expired, and not on when the expired was swept.
     */

    /** How many expired records a call removes at once before it tries again. */
    private static final int SWEEP_STEP = 64;

    /** How many expired records each write removes, so that a store stays small that nobody sweeps. */
    private static final int SWEEP_PER_WRITE = 2;

    private final InstantSource clock;
    private final QuotaTracker quotas;
    private final EvictionListener<V> evictionListener;
    private final Map<Bytes, V> entries = new ConcurrentHashMap<>();
    private final ExpiryIndex<V> expiries = new ExpiryIndex<>();
    private final DistanceIndex<V> distances = new DistanceIndex<>();
    private final List<EntryIndex<V>> indexes;
    private volatile boolean closed;

    /**
     * Creates an empty set of entries.
     *
     * @param indexes follow what is held
     * @param yielding is told what gave way
     */
    EntryTable(InstantSource clock, QuotaTracker quotas, List<EntryIndex<V>> indexes, EvictionListener<V> yielding) {
        this.clock = clock;
        this.quotas = quotas;
        this.evictionListener = yielding;
        this.indexes = new ArrayList<>(indexes);
        this.indexes.add(expiries);
        this.indexes.add(distances);
    }

    /** What a change makes of an entry; see {@link #change}. */
    @FunctionalInterface
    interface Change<V> {

        /**
         * Returns what is to be held.
         *
         * @throws StoreException.Full if there is no room as long as nothing else is removed
         */
        ChangeResult<V> apply(@Nullable V held, Instant now) throws StoreException;
    }

    /**
     * The outcome of a change.
     *
     * @param next what is to be held; null for nothing
     * @param replacing whether a record takes the place of one that is held, so that the number of keys doesn't count
     */
    record ChangeResult<V>(@Nullable V next, boolean replacing) {}

    /** Is told what gave way to what. */
    @FunctionalInterface
    interface EvictionListener<V> {
        void onEviction(V gone, V nearer);
    }

    /** Returns what is under {@code key}, expired or not; null for nothing. */
    @Nullable
    V get(Bytes key) throws StoreException.Closed {
        requireOpen();
        return entries.get(key);
    }

    /**
     * Puts in the place of what is under {@code key} what {@code change} makes of it, atomically.
     *
     * @param change may be called more than once, under a lock; it receives null for nothing, and records that have expired since
     */
    synchronized void change(Bytes key, Change<V> change) throws StoreException {
        requireOpen();
        removeExpired(key);
        Optional<StoreException.Full> refusal;
        do {
            requireOpen();
            refusal = tryChange(key, change);
        } while (refusal.isPresent() && sweep(SWEEP_STEP) > 0);
        if (refusal.isPresent() && !changeByEvicting(key, change)) {
            throw refusal.get();
        }
        sweep(SWEEP_PER_WRITE);
    }

    /** What is expired under a key must not count as a place that its successor takes over. */
    private void removeExpired(Bytes key) {
        V held = entries.get(key);
        V live = held == null ? null : held.withoutExpired(clock.instant(), Integer.MAX_VALUE);
        if (live != held) {
            set(key, held, live);
        }
    }

    /** Returns why there was no room, or empty when it was done. */
    private Optional<StoreException.Full> tryChange(Bytes key, Change<V> change) throws StoreException {
        V held = entries.get(key);
        ChangeResult<V> changed;
        try {
            changed = change.apply(held, clock.instant());
        } catch (StoreException.Full full) {
            return Optional.of(full);
        }
        V next = changed.next();
        if (next == held) {
            return Optional.empty();
        }
        Optional<String> full = quotas.checkQuota(usageOf(held), usageOf(next), changed.replacing());
        if (full.isPresent()) {
            return full.map(StoreException.Full::new);
        }
        set(key, held, next);
        return Optional.empty();
    }

    private boolean changeByEvicting(Bytes key, Change<V> change) throws StoreException {
        V held = entries.get(key);
        ChangeResult<V> changed = change.apply(held, clock.instant());
        V next = changed.next();
        Distance distance = next == null ? null : next.evictionDistance();
        if (next == null || distance == null) {
            return false;
        }
        List<V> leaving = new ArrayList<>();
        List<Bytes> keys = new ArrayList<>();
        Usage freed = usageOf(held);
        Iterator<Bytes> candidates = distances.fartherThan(distance).iterator();
        while (quotas.checkQuota(freed, next.usage(), changed.replacing()).isPresent()) {
            if (!candidates.hasNext()) {
                return false;
            }
            Bytes candidate = candidates.next();
            V yielding = entries.get(candidate);
            if (yielding != null) {
                keys.add(candidate);
                leaving.add(yielding);
                freed = freed.plus(yielding.usage());
            }
        }
        for (int i = 0; i < keys.size(); i++) {
            set(keys.get(i), leaving.get(i), null);
        }
        set(key, held, next);
        leaving.forEach(gone -> evictionListener.onEviction(gone, next));
        return true;
    }

    private void set(Bytes key, @Nullable V before, @Nullable V after) {
        quotas.replace(usageOf(before), usageOf(after));
        if (after == null) {
            entries.remove(key);
        } else {
            entries.put(key, after);
        }
        for (EntryIndex<V> index : indexes) {
            index.onChange(key, before, after);
        }
    }

    /**
     * Returns what is under up to {@code limit} of the keys of {@code index}, as far as there is an item of it.
     *
     * @param item what is to be returned of an entry, empty for nothing
     */
    <T> Page<T> page(KeyIndex<V> index, Optional<Bytes> after, int limit, Function<V, Optional<T>> item)
            throws StoreException.Closed {
        requireOpen();
        List<T> items = new ArrayList<>();
        Iterator<Bytes> keys = index.after(after).iterator();
        Optional<Bytes> last = Optional.empty();
        for (int looked = 0; looked < limit && keys.hasNext(); looked++) {
            Bytes key = keys.next();
            last = Optional.of(key);
            V held = entries.get(key);
            if (held != null) {
                item.apply(held).ifPresent(items::add);
            }
        }
        return new Page<>(items, keys.hasNext() ? last : Optional.empty());
    }

    /** Removes up to {@code limit} expired records, and returns how many. */
    synchronized int removeExpired(int limit) throws StoreException.Closed {
        requireOpen();
        return sweep(limit);
    }

    /** Returns how many records are held. */
    long size() throws StoreException.Closed {
        requireOpen();
        return quotas.records();
    }

    /** Lets go of everything; from now on every call fails. */
    synchronized void close() {
        closed = true;
        entries.clear();
        indexes.forEach(EntryIndex::clear);
    }

    private void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed("the store was closed");
        }
    }

    private int sweep(int limit) {
        Instant now = clock.instant();
        int removed = 0;
        while (removed < limit) {
            Optional<Bytes> key = expiries.firstExpired(now);
            V held = key.map(entries::get).orElse(null);
            if (key.isEmpty() || held == null) {
                break;
            }
            V rest = held.withoutExpired(now, limit - removed);
            removed += held.usage().records() - usageOf(rest).records();
            set(key.get(), held, rest);
        }
        return removed;
    }

    private static Usage usageOf(@Nullable StoreEntry<?> held) {
        return held == null ? Usage.NONE : held.usage();
    }
}
