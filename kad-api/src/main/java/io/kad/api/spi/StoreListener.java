package io.kad.api.spi;

import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;

/**
 * Receives notifications from a store, such as evictions.
 *
 * <p>Called on any thread, possibly under a lock of the store: a listener must not block and must not call the store.
 */
public interface StoreListener {

    /** A listener that does nothing. */
    StoreListener NONE = new StoreListener() {
        @Override
        public void recordEvicted(Record evicted, Record closer) {}

        @Override
        public void providerEvicted(RecordKey key, PeerId provider) {}
    };

    /**
     * Called after a full store has evicted an unexpired remote record to make room.
     *
     * @param evicted the evicted record
     * @param closer the record stored in its place; its key is closer to the local peer, or it is much smaller
     */
    void recordEvicted(Record evicted, Record closer);

    /**
     * Called after a full store, or a full key, has evicted an unexpired remote provider record to make room for another one.
     *
     * @param key the key of the evicted record
     * @param provider its provider
     */
    void providerEvicted(RecordKey key, PeerId provider);
}
