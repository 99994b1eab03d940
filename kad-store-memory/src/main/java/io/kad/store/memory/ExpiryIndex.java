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

    private final TreeSet<Due> dues = new TreeSet<>();

    /** When the first record under a key expires. */
    private record Due(Instant at, Bytes key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    @Override
    public void changed(Bytes key, @Nullable V before, @Nullable V after) {
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

    @Override
    public void clear() {
        dues.clear();
    }

    /** Returns a key that has a record which is expired at {@code now}, the longest expired first; empty for none. */
    Optional<Bytes> expiredAt(Instant now) {
        return dues.isEmpty() || dues.first().at().isAfter(now)
                ? Optional.empty()
                : Optional.of(dues.first().key());
    }
}
