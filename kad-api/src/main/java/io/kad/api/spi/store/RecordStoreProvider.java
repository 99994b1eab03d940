package io.kad.api.spi.store;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;

/** Makes record stores. */
public interface RecordStoreProvider extends SpiProvider {

    /** Returns a new store, which the caller closes. */
    RecordStore create(SpiContext context) throws StoreException;
}
