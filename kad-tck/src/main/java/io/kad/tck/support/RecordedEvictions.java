package io.kad.tck.support;

import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Listener that records evictions, and names what a full store evicts first. Thread-safe. */
public final class RecordedEvictions implements StoreListener {

    private final List<Eviction> evictions = new ArrayList<>();
    private final List<EvictedProvider> providers = new ArrayList<>();
    private List<RecordKey> recordsOverShare = List.of();
    private List<Provided> providersOverShare = List.of();

    /** Creates a listener without recorded evictions. */
    public RecordedEvictions() {}

    /**
     * Eviction of a record.
     *
     * @param evicted the evicted record
     * @param closer the record stored in its place
     */
    public record Eviction(Record evicted, Record closer) {}

    /**
     * Eviction of a provider record.
     *
     * @param key the key of the evicted record
     * @param provider its provider
     */
    public record EvictedProvider(RecordKey key, PeerId provider) {}

    /** Names the records that a full store evicts before any other, in this order. */
    public synchronized void setRecordsOverShare(List<RecordKey> keys) {
        recordsOverShare = new ArrayList<>(keys);
    }

    /** Names the provider records that a full store evicts before any other, in this order. */
    public synchronized void setProvidersOverShare(List<Provided> records) {
        providersOverShare = new ArrayList<>(records);
    }

    /** Returns the names of {@link #setRecordsOverShare} without those that the store has removed. */
    public synchronized List<RecordKey> namedRecords() {
        return List.copyOf(recordsOverShare);
    }

    /** Returns the names of {@link #setProvidersOverShare} without those that the store has removed. */
    public synchronized List<Provided> namedProviders() {
        return List.copyOf(providersOverShare);
    }

    @Override
    public synchronized Iterator<RecordKey> recordsOverShare(RecordKey incoming) {
        return recordsOverShare.iterator();
    }

    @Override
    public synchronized Iterator<Provided> providersOverShare(Provided incoming) {
        return providersOverShare.iterator();
    }

    @Override
    public synchronized void recordEvicted(Record evicted, Record closer) {
        evictions.add(new Eviction(evicted, closer));
    }

    @Override
    public synchronized void providerEvicted(RecordKey key, PeerId provider) {
        providers.add(new EvictedProvider(key, provider));
    }

    /** Returns the evictions of provider records so far, in their order. */
    public synchronized List<EvictedProvider> providers() {
        return List.copyOf(providers);
    }

    /** Returns the evictions of records so far, in their order. */
    public synchronized List<Eviction> all() {
        return List.copyOf(evictions);
    }
}
