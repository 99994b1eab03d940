package io.kad.tck.support;

import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a store tells of records that gave way. Thread-safe. */
public final class RecordedEvictions implements StoreListener {

    private final List<Displaced> told = new ArrayList<>();

    /** Makes an empty list of evictions. */
    public RecordedEvictions() {}

    /**
     * A record that gave way.
     *
     * @param displaced the record that is gone
     * @param nearer the one that took its place
     */
    public record Displaced(Record displaced, Record nearer) {}

    @Override
    public synchronized void recordEvicted(Record displaced, Record nearer) {
        told.add(new Displaced(displaced, nearer));
    }

    /** Returns what was told so far, in its order. */
    public synchronized List<Displaced> all() {
        return List.copyOf(told);
    }
}
