package io.kad.api.spi;

/** Makes provider stores. */
public interface ProviderStoreProvider extends SpiProvider {

    /** Returns a new store, which the caller closes. */
    ProviderStore create(SpiContext context) throws StoreException;
}
