package io.kad.api.spi;

import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.util.Collections;
import java.util.Iterator;

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
     * Provider record by its key and provider.
     *
     * @param key the key
     * @param provider the provider
     */
    record Provided(RecordKey key, PeerId provider) {}

    /**
     * Returns the keys of the remote records that a full store evicts before any other, in this order: those of address ranges that keep more than
     * their fair share. If {@code incoming} is among them, it is the last one and is refused, unless those before it make enough room. A store must skip keys
     * under which it has no remote record, and those that it has read before. {@link Iterator#remove} says that it has none under the key, which then
     * counts for nobody and is not named again. A store must call it for such a key, unless a failure of its own write could bring a record back, and
     * for no other key: an eviction is reported by {@link #recordEvicted}. Without keys if nobody keeps more.
     *
     * @param incoming the key of the remote record that finds no room
     * @return an iterator that is read before the record is stored or refused; how many it returns is limited. {@code remove} is supported
     */
    default Iterator<RecordKey> recordsOverShare(RecordKey incoming) {
        return Collections.emptyIterator();
    }

    /**
     * Returns the remote provider records that a full store evicts before any other, by the rules of {@link #recordsOverShare}.
     *
     * @param incoming the remote provider record that finds no room
     */
    default Iterator<Provided> providersOverShare(Provided incoming) {
        return Collections.emptyIterator();
    }

    /**
     * Called after a full store has evicted an unexpired remote record to make room.
     *
     * @param evicted the evicted record
     * @param closer the record stored in its place; its key is closer to the local peer, or it is much smaller, or its address range
     *     keeps less
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
