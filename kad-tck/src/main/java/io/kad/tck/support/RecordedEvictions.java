package io.kad.tck.support;

import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a store tells of records that gave way. Thread-safe. */
public final class RecordedEvictions implements StoreListener {

    private final List<Eviction> evictions = new ArrayList<>();

    /** Makes an empty list of evictions. */
    public RecordedEvictions() {}

    /**
     * A record that gave way.
     *
     * @param evicted the record that is gone
     * @param closer the one that took its place
     */
    public record Eviction(Record evicted, Record closer) {}

    @Override
    public synchronized void recordEvicted(Record displaced, Record nearer) {
        evictions.add(new Eviction(displaced, nearer));
    }

    /** Returns what was told so far, in its order. */
    public synchronized List<Eviction> all() {
        return List.copyOf(evictions);
    }
}
