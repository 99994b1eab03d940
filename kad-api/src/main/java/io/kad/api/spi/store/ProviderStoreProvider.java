package io.kad.api.spi.store;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;

/** Makes provider stores. */
public interface ProviderStoreProvider extends SpiProvider {

    /** Returns a new store, which the caller closes. */
    ProviderStore create(SpiContext context) throws StoreException;
}
