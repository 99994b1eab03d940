package io.kad.store.rocksdb;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.ProviderStoreProvider;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.Databases;
import io.kad.store.rocksdb.database.RocksStoreOptions;

/**
 * Makes provider stores on disk; called {@code rocksdb}, and chosen before the memory stores wherever there is a data directory.
 *
 * <p>Options: {@code rocksdb.sync}, which is {@code own}, {@code all} or {@code none}, and the limits listed in {@code docs/STORE.md}.
 */
public final class RocksProviderStoreProvider extends RocksStoreProvider implements ProviderStoreProvider {

    /** Made by {@link java.util.ServiceLoader}. */
    public RocksProviderStoreProvider() {}

    /**
     * Opens the store in the data directory, or makes it.
     *
     * @throws IllegalArgumentException in one line that names each option that is unknown or has a wrong value
     */
    @Override
    public ProviderStore create(SpiContext context) throws StoreException {
        RocksStoreOptions storeOptions = RocksStoreOptions.parse(context.options());
        return new RocksProviderStore(
                context, storeOptions, Databases.open(context, Databases.Kind.PROVIDERS, storeOptions));
    }
}
