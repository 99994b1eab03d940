package io.kad.api.spi.store;

import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;

/**
 * Filter for records that remote peers send; the last check before they are stored. It is not called for an entry that is invalid, or whose
 * sender has reached its quota.
 *
 * <p>Called on any thread, concurrently, before the store is; must not block. An exception, and null, count as {@link Decision#REFUSE}. The
 * decision is reported by {@link io.kad.api.event.DhtEvent.RequestServed}, and of a taken entry by {@link
 * io.kad.api.event.DhtEvent.RequestTaken}.
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public interface StoreFilter {

    /** A filter that stores everything. */
    StoreFilter NONE = new StoreFilter() {};

    /** Decision about one entry. */
    enum Decision {
        /** Store it. */
        STORE,
        /** Do not store it; the sender learns that. */
        REFUSE,
        /**
         * Do not store it now, and tell the sender that it is stored. An application that needs more time to decide keeps the request, and
         * passes it to {@link io.kad.api.Kademlia#storeTaken} or drops it.
         */
        TAKEN
    }

    /**
     * Returns the decision about a record.
     *
     * @param request the request, with its sender
     * @param record the record of the request, with the expiry that it would be stored with
     */
    default Decision decideRecord(InboundRequest request, Record record) {
        return Decision.STORE;
    }

    /**
     * Returns the decision about a provider record.
     *
     * @param request the request, whose sender is also the provider
     * @param record the record of the request, with the expiry that it would be stored with
     */
    default Decision decideProvider(InboundRequest request, ProviderRecord record) {
        return Decision.STORE;
    }
}
