package io.kad.store.memory;

import io.kad.api.id.Bytes;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Index of the keys, ordered by the expiry of the first record under each. Not thread-safe: used under the lock of the table.
 *
 * @param <V> the type of an entry
 */
final class ExpiryIndex<V extends StoreEntry<V>> implements EntryIndex<V> {

    private final TreeSet<Expiry> expiries = new TreeSet<>();

    /** The time at which the first record under a key expires. */
    private record Expiry(Instant time, Bytes key) implements Comparable<Expiry> {
        @Override
        public int compareTo(Expiry other) {
            int byTime = time.compareTo(other.time);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    @Override
    public void onChange(Bytes key, @Nullable V previous, @Nullable V next) {
        Instant previousExpiry = previous == null ? Instant.MAX : previous.firstExpiry();
        Instant nextExpiry = next == null ? Instant.MAX : next.firstExpiry();
        if (!previousExpiry.equals(nextExpiry)) {
            if (!nextExpiry.equals(Instant.MAX)) {
                expiries.add(new Expiry(nextExpiry, key));
            }
            if (!previousExpiry.equals(Instant.MAX)) {
                expiries.remove(new Expiry(previousExpiry, key));
            }
        }
    }

    @Override
    public void clear() {
        expiries.clear();
    }

    /** Returns the key whose record expired first; empty if no record is expired at {@code now}. */
    Optional<Bytes> firstExpired(Instant now) {
        return expiries.isEmpty() || expiries.first().time().isAfter(now)
                ? Optional.empty()
                : Optional.of(expiries.first().key());
    }
}
