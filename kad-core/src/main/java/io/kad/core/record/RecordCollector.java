package io.kad.core.record;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collection of the valid records that a query has found under one key, by value. Confined to one thread at a time.
 *
 * <p>{@link RecordRules} selects the best one, so two queries that find the same records select the same one. Of one value, the copy with
 * the latest time of publication is kept.
 */
public final class RecordCollector {

    /** Limit of the different values; beyond it, all except the best are dropped. Bounds the memory that remote peers can use. */
    static final int MAX_VALUES = 16;

    private final RecordRules recordRules;
    private final Map<Bytes, ValueWithHolders> byValue = new LinkedHashMap<>();
    private final Set<PeerId> holders = new LinkedHashSet<>();
    private int count;

    public RecordCollector(RecordRules recordRules) {
        this.recordRules = recordRules;
    }

    /** One value that was found: the record that was published last, and the peers that returned it. */
    public static final class ValueWithHolders {
        private Record record;
        private final Set<PeerId> holders = new LinkedHashSet<>();

        private ValueWithHolders(Record record) {
            this.record = record;
        }

        public Record record() {
            return record;
        }

        /** Returns the first peer that returned the value; empty if only the local store contains it. */
        public Optional<PeerId> firstHolder() {
            return holders.stream().findFirst();
        }

        /** Returns whether {@code peer} returned the value. */
        public boolean isReturnedBy(PeerId peer) {
            return holders.contains(peer);
        }
    }

    /**
     * Adds a valid record and returns it, with an estimated time of publication if it states none.
     *
     * @param from the peer that returned the record; empty for the local store
     */
    public Record add(Optional<PeerId> from, Record returned, Instant now) {
        Record record = recordRules.withPublicationTimeWhenRead(returned, from, now);
        count++;
        from.ifPresent(holders::add);
        if (byValue.size() == MAX_VALUES && !byValue.containsKey(record.value())) {
            ValueWithHolders best = best(now);
            byValue.clear();
            byValue.put(best.record().value(), best);
        }
        ValueWithHolders found = byValue.computeIfAbsent(record.value(), value -> new ValueWithHolders(record));
        if (recordRules.isPublishedLater(record, found.record, now)) {
            found.record = record;
        }
        from.ifPresent(found.holders::add);
        return record;
    }

    /** Returns the number of records that were added. */
    public int count() {
        return count;
    }

    /** Returns the number of records that were added from the local store. */
    public int localCount() {
        return count - holders.size();
    }

    /** Returns the peers that returned a record, in the order of their responses. */
    public List<PeerId> holders() {
        return List.copyOf(holders);
    }

    /** Returns the best record. At least one record must have been added. */
    public ValueWithHolders best(Instant now) {
        List<ValueWithHolders> candidates = new ArrayList<>(byValue.values());
        return candidates.get(recordRules.best(
                candidates.stream().map(ValueWithHolders::record).toList(), now));
    }
}
