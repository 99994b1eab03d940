package io.kad.store.memory;

import io.kad.api.id.Bytes;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys in the order in which the first record of each expires.
 *
 * @param <V> what is held under a key
 */
final class ExpiryIndex<V extends StoreEntry<V>> implements EntryIndex<V> {

    private final TreeSet<Expiry> expiries = new TreeSet<>();

    /** When the first record under a key expires. */
    private record Expiry(Instant time, Bytes key) implements Comparable<Expiry> {
        @Override
        public int compareTo(Expiry other) {
            int byTime = time.compareTo(other.time);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    @Override
    public void onChange(Bytes key, @Nullable V before, @Nullable V after) {
        Instant oldDue = before == null ? Instant.MAX : before.firstExpiry();
        Instant newDue = after == null ? Instant.MAX : after.firstExpiry();
        if (!oldDue.equals(newDue)) {
            if (!newDue.equals(Instant.MAX)) {
                expiries.add(new Expiry(newDue, key));
            }
            if (!oldDue.equals(Instant.MAX)) {
                expiries.remove(new Expiry(oldDue, key));
            }
        }
    }

    @Override
    public void clear() {
        expiries.clear();
    }

    /** Returns a key that has a record which is expired at {@code now}, the longest expired first; empty for none. */
    Optional<Bytes> firstExpired(Instant now) {
        return expiries.isEmpty() || expiries.first().time().isAfter(now)
                ? Optional.empty()
                : Optional.of(expiries.first().key());
    }
}
