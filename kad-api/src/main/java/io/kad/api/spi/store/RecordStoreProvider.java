package io.kad.api.spi.store;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;

/** Factory of record stores. */
public interface RecordStoreProvider extends SpiProvider {

    /**
     * Returns a new store; the caller must close it.
     *
     * @throws IllegalArgumentException if an option is invalid
     */
    RecordStore create(SpiContext context) throws StoreException;
}
