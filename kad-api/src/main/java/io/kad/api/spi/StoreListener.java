package io.kad.api.spi;

import io.kad.api.record.Record;

/** What a store tells its peer unasked. Called from any thread, possibly under a lock of the store: neither blocks nor calls it back. */
public interface StoreListener {

    /** A listener that does nothing. */
    StoreListener NONE = new StoreListener() {};

    /** A foreign record was dropped, though not expired, to make room for one that is nearer to the peer. */
    default void recordEvicted(Record displaced, Record nearer) {}
}
