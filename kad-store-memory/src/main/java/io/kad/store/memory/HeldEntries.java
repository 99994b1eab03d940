package io.kad.store.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.kad.api.id.Bytes;
import io.kad.api.spi.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a store holds, by key: with an order to page in, an order to expire in, and the limits.
 *
 * <p>Thread-safe. Reads don't lock; writes lock their key.
 *
 * @param <V> what is held under a key
 */
final class HeldEntries<V extends Held<V>> {

    /*
     * Caffeine's map is the truth. The two ordered sets and the ledger follow it: each is changed only while the map has a
     * key locked, for that key alone, so they never disagree with it for longer than a change takes.
     *
     * A change that finds no room leaves the map as it is, removes expired entries without holding a lock, and tries again;
     * it is refused when there was nothing expired. So a refusal depends on what is not expired, and not on when the expired
     * was swept.
     *
     * Caffeine removes expired entries too, as part of other calls, which keeps a store small that nobody sweeps. It judges
     * by the same wall clock, and its own view of expiry is never relied upon: the clock may have stepped back since.
     */

    /** How many expired records a call removes at once before it tries again. */
    private static final int SWEEP_STEP = 64;

    private final InstantSource clock;
    private final Ledger ledger;
    private final Predicate<V> listed;
    private final Cache<Bytes, V> cache;
    private final NavigableSet<Bytes> keys = new ConcurrentSkipListSet<>();
    private final NavigableSet<Due> dues = new ConcurrentSkipListSet<>();
    private volatile boolean closed;

    /** Creates an empty set of entries, of which those that are {@code listed} can be paged over. */
    HeldEntries(InstantSource clock, Ledger ledger, Predicate<V> listed) {
        this.clock = clock;
        this.ledger = ledger;
        this.listed = listed;
        WallClockTicker ticker = new WallClockTicker(clock);
        this.cache = Caffeine.newBuilder()
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfter(new LastExpiry<V>(ticker))
                .evictionListener(this::onExpired)
                .build();
    }

    /** What a change makes of an entry; see {@link #change}. */
    @FunctionalInterface
    interface Change<V> {
        Changed<V> apply(@Nullable V held, Instant now) throws StoreException;
    }

    /**
     * The outcome of a change.
     *
     * @param next what is to be held; null for nothing
     * @param replacing whether a record takes the place of one that is held, so that the number of keys doesn't count
     */
    record Changed<V>(@Nullable V next, boolean replacing) {}

    /** When the first record under a key expires. */
    private record Due(Instant at, Bytes key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    /** Tells Caffeine how long an entry has something to serve. */
    private record LastExpiry<V extends Held<V>>(WallClockTicker ticker) implements Expiry<Bytes, V> {
        @Override
        public long expireAfterCreate(Bytes key, V held, long now) {
            return ticker.until(held.lastExpiry(), now);
        }

        @Override
        public long expireAfterUpdate(Bytes key, V held, long now, long remaining) {
            return ticker.until(held.lastExpiry(), now);
        }

        @Override
        public long expireAfterRead(Bytes key, V held, long now, long remaining) {
            return remaining;
        }
    }

    /** Returns what is under {@code key}, expired or not; null for nothing. */
    @Nullable
    V get(Bytes key) throws StoreException.Closed {
        requireOpen();
        return cache.getIfPresent(key);
    }

    /**
     * Puts in the place of what is under {@code key} what {@code change} makes of it, atomically.
     *
     * @param change may be called more than once, under a lock; it receives null for nothing, and expired records as well
     */
    void change(Bytes key, Change<V> change) throws StoreException {
        while (true) {
            requireOpen();
            Attempt attempt = new Attempt(change);
            attempt.run(key);
            Optional<String> refusal = attempt.refusal();
            if (refusal.isEmpty()) {
                return;
            }
            if (sweep(SWEEP_STEP).met() == 0) {
                throw new StoreException.Full(refusal.get());
            }
        }
    }

    /** Returns the listed keys after {@code after} in the order of their bytes, or all for empty. Weakly consistent. */
    NavigableSet<Bytes> keysAfter(Optional<Bytes> after) throws StoreException.Closed {
        requireOpen();
        return after.isPresent() ? keys.tailSet(after.get(), false) : keys;
    }

    /** Removes up to {@code limit} expired records, and returns how many. */
    int removeExpired(int limit) throws StoreException.Closed {
        requireOpen();
        return sweep(limit).removed();
    }

    /** Returns how many records are held. */
    long size() throws StoreException.Closed {
        requireOpen();
        return ledger.records();
    }

    /** Lets go of everything; from now on every call fails. */
    void close() {
        closed = true;
        cache.invalidateAll();
        keys.clear();
        dues.clear();
    }

    private void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed("the store was closed");
        }
    }

    /**
     * What a sweep did.
     *
     * @param met how many keys it met that had expired records
     * @param removed how many records it removed; those that another thread or Caffeine removed first don't count
     */
    private record Swept(int met, int removed) {}

    private Swept sweep(int limit) {
        Instant now = clock.instant();
        int met = 0;
        int removed = 0;
        while (removed < limit) {
            Due due = firstDue();
            if (due == null || due.at().isAfter(now)) {
                break;
            }
            met++;
            removed += removeExpired(due, now, limit - removed);
        }
        return new Swept(met, removed);
    }

    private @Nullable Due firstDue() {
        var earliest = dues.iterator();
        return earliest.hasNext() ? earliest.next() : null;
    }

    private int removeExpired(Due due, Instant now, int limit) {
        int[] removed = new int[1];
        cache.asMap().compute(due.key(), (key, held) -> {
            if (held == null) {
                dues.remove(due);
                return null;
            }
            V rest = held.withoutExpired(now, limit);
            removed[0] = held.load().records() - loadOf(rest).records();
            ledger.exchange(held.load(), loadOf(rest), false);
            follow(key, held, rest);
            return rest;
        });
        return removed[0];
    }

    private void onExpired(@Nullable Bytes key, @Nullable V held, RemovalCause cause) {
        if (key != null && held != null) {
            ledger.exchange(held.load(), Load.NONE, false);
            follow(key, held, null);
        }
    }

    /** Makes the ordered sets follow a change of the map. */
    private void follow(Bytes key, @Nullable V before, @Nullable V after) {
        boolean wasListed = before != null && listed.test(before);
        boolean isListed = after != null && listed.test(after);
        if (isListed && !wasListed) {
            keys.add(key);
        } else if (wasListed && !isListed) {
            keys.remove(key);
        }
        Instant oldDue = before == null ? Instant.MAX : before.firstExpiry();
        Instant newDue = after == null ? Instant.MAX : after.firstExpiry();
        if (!oldDue.equals(newDue)) {
            if (!newDue.equals(Instant.MAX)) {
                dues.add(new Due(newDue, key));
            }
            if (!oldDue.equals(Instant.MAX)) {
                dues.remove(new Due(oldDue, key));
            }
        }
    }

    private static Load loadOf(@Nullable Held<?> held) {
        return held == null ? Load.NONE : held.load();
    }

    /** One try to change an entry. Whatever fails, what is held stays. */
    private final class Attempt {

        private final Change<V> change;
        private @Nullable String refusal;
        private @Nullable StoreException storeFailure;
        private @Nullable RuntimeException failure;

        Attempt(Change<V> change) {
            this.change = change;
        }

        void run(Bytes key) throws StoreException {
            // Caffeine has already let go of an expired entry when it calls back, so nothing may be thrown through it
            cache.asMap().compute(key, this::tryToChange);
            if (storeFailure != null) {
                throw storeFailure;
            }
            if (failure != null) {
                throw failure;
            }
        }

        Optional<String> refusal() {
            return Optional.ofNullable(refusal);
        }

        private @Nullable V tryToChange(Bytes key, @Nullable V held) {
            try {
                Changed<V> changed = change.apply(held, clock.instant());
                V next = changed.next();
                if (next == held) {
                    return held;
                }
                Optional<String> full = ledger.exchange(loadOf(held), loadOf(next), changed.replacing());
                if (full.isPresent()) {
                    refusal = full.get();
                    return held;
                }
                follow(key, held, next);
                return next;
            } catch (StoreException refused) {
                storeFailure = refused;
            } catch (RuntimeException failed) {
                failure = failed;
            }
            return held;
        }
    }
}
