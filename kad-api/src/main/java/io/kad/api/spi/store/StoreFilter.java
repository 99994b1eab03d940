package io.kad.api.spi.store;

import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;

/**
 * Filter for records that remote peers send; the last check before they are stored.
 *
 * <p>Called on any thread, concurrently, before the store is; must not block. A rejected record is not stored, the sender learns
 * that it was not stored, and the request is reported as not accepted. An exception counts as a rejection. An application that
 * needs more time to decide can reject the record here and write it to the store later.
 */
public interface StoreFilter {

    /** A filter that accepts everything. */
    StoreFilter NONE = new StoreFilter() {};

    /**
     * Returns whether to store a record.
     *
     * @param from the sender
     * @param record the record, with the expiry that it would be stored with
     */
    default boolean acceptRecord(PeerId from, Record record) {
        return true;
    }

    /**
     * Returns whether to store a provider record.
     *
     * @param from the sender, which is also the provider
     * @param record the record, with the expiry that it would be stored with
     */
    default boolean acceptProvider(PeerId from, ProviderRecord record) {
        return true;
    }
}
