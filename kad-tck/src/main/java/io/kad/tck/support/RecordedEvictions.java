package io.kad.tck.support;

import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import java.util.ArrayList;
import java.util.List;

/** Listener that records evictions. Thread-safe. */
public final class RecordedEvictions implements StoreListener {

    private final List<Eviction> evictions = new ArrayList<>();

    /** Creates a listener without recorded evictions. */
    public RecordedEvictions() {}

    /**
     * One eviction.
     *
     * @param evicted the evicted record
     * @param closer the record stored in its place
     */
    public record Eviction(Record evicted, Record closer) {}

    @Override
    public synchronized void recordEvicted(Record evicted, Record closer) {
        evictions.add(new Eviction(evicted, closer));
    }

    /** Returns the evictions so far, in their order. */
    public synchronized List<Eviction> all() {
        return List.copyOf(evictions);
    }
}
