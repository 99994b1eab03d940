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
 * The valid records that a query has found under one key, by value.
 *
 * <p>Which is the best, the validator of the namespace decides. Without one, it is the value that most peers hold, and among
 * those that equally many hold the greatest in byte order: so all who find the same records choose the same one.
 */
public final class RecordCollector {

    /** How many different values are kept; with more, all but the best are forgotten. Bounds what peers make us hold. */
    static final int MAX_VALUES = 16;

    private final RecordKey key;
    private final Validators validators;
    private final Map<Bytes, Found> byValue = new LinkedHashMap<>();
    private final Set<PeerId> holders = new LinkedHashSet<>();
    private int answers;

    public RecordCollector(RecordKey key, Validators validators) {
        this.key = key;
        this.validators = validators;
    }

    /** A record, and who holds its value. */
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

        /** Returns the first peer that returned it; empty if the own store alone holds it. */
        public Optional<PeerId> holder() {
            return holders.stream().findFirst();
        }

        public boolean isHeldBy(PeerId peer) {
            return holders.contains(peer);
        }
    }

    /**
     * Takes in a valid record.
     *
     * @param from who returned it; empty for the own store
     */
    public void add(Optional<PeerId> from, Record record, Instant now) {
        answers++;
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

    /** Returns how many records were found. */
    public int answers() {
        return answers;
    }

    /** Returns the peers that returned a record. */
    public List<PeerId> holders() {
        return List.copyOf(holders);
    }

    /** Returns the best record. There must be one. */
    public Found best(Instant now) {
        List<Found> candidates = new ArrayList<>(byValue.values());
        candidates.sort(Comparator.<Found>comparingInt(found -> -found.copies)
                .thenComparing(found -> found.record().value(), Comparator.reverseOrder()));
        List<Bytes> values =
                candidates.stream().map(found -> found.record().value()).toList();
        return candidates.get(validators.best(key, values, now));
    }
}
