package io.kad.api.spi.store;

import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;

/**
 * Decides whether what other peers send is kept in the stores, after everything else has allowed it.
 *
 * <p>Called on any thread, several at once, before the store is; must not block. What it does not let pass is refused, and the request is
 * reported as not accepted: who sent it knows that it was not kept. An exception counts as a refusal. A program that wants to look at
 * a record in its own time refuses it here and writes it to the store itself.
 */
public interface StoreFilter {

    /** Lets everything pass. */
    StoreFilter NONE = new StoreFilter() {};

    /** Returns whether to keep {@code record}, that {@code from} sent; it has the expiry with which it would be kept. */
    default boolean acceptRecord(PeerId from, Record record) {
        return true;
    }

    /** Returns whether to keep that {@code from} provides something. */
    default boolean acceptProvider(PeerId from, ProviderRecord record) {
        return true;
    }
}
