package io.kad.core.record;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collection of the valid records that a query has found under one key, by value. Confined to one thread at a time.
 *
 * <p>The validator of the namespace selects the best record. Without a validator, it is the value with the most copies, and of equally
 * frequent values the greatest in byte order. So two queries that find the same records select the same one.
 */
public final class RecordCollector {

    /** Limit of the different values; beyond it, all except the best are dropped. Bounds the memory that remote peers can use. */
    static final int MAX_VALUES = 16;

    private final RecordKey key;
    private final Validators validators;
    private final Map<Bytes, Found> byValue = new LinkedHashMap<>();
    private final Set<PeerId> holders = new LinkedHashSet<>();
    private int count;

    public RecordCollector(RecordKey key, Validators validators) {
        this.key = key;
        this.validators = validators;
    }

    /** One value that was found: its first record, and the peers that returned it. */
    public static final class Found {
        private final Record record;
        private final Set<PeerId> holders = new LinkedHashSet<>();
        private int copies;

        private Found(Record record) {
            this.record = record;
        }

        public Record record() {
            return record;
        }

        /** Returns the first peer that returned the value; empty if only the local store contains it. */
        public Optional<PeerId> from() {
            return holders.stream().findFirst();
        }

        /** Returns whether {@code peer} returned the value. */
        public boolean isReturnedBy(PeerId peer) {
            return holders.contains(peer);
        }
    }

    /**
     * Adds a valid record.
     *
     * @param from the peer that returned the record; empty for the local store
     */
    public void add(Optional<PeerId> from, Record record, Instant now) {
        count++;
        from.ifPresent(holders::add);
        if (byValue.size() == MAX_VALUES && !byValue.containsKey(record.value())) {
            Found best = best(now);
            byValue.clear();
            byValue.put(best.record().value(), best);
        }
        Found found = byValue.computeIfAbsent(record.value(), value -> new Found(record));
        found.copies++;
        from.ifPresent(found.holders::add);
    }

    /** Returns the number of records that were added. */
    public int count() {
        return count;
    }

    /** Returns the peers that returned a record, in the order of their responses. */
    public List<PeerId> holders() {
        return List.copyOf(holders);
    }

    /** Returns the best record. At least one record must have been added. */
    public Found best(Instant now) {
        List<Found> candidates = new ArrayList<>(byValue.values());
        candidates.sort(Comparator.<Found>comparingInt(found -> -found.copies)
                .thenComparing(found -> found.record().value(), Comparator.reverseOrder()));
        List<Bytes> values =
                candidates.stream().map(found -> found.record().value()).toList();
        return candidates.get(validators.best(key, values, now));
    }
}
