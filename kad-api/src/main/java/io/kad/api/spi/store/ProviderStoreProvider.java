package io.kad.api.spi.store;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;

/** Factory of provider stores. */
public interface ProviderStoreProvider extends SpiProvider {

    /**
     * Returns a new store; the caller must close it.
     *
     * @throws IllegalArgumentException if an option is invalid
     */
    ProviderStore create(SpiContext context) throws StoreException;
}
