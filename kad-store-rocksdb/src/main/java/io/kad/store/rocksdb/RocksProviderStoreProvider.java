package io.kad.store.rocksdb;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.ProviderStoreProvider;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.Databases;
import io.kad.store.rocksdb.database.RocksStoreOptions;

/**
 * Factory of provider stores in RocksDB, named {@code rocksdb}. Takes precedence over the memory store if there is a data directory.
 *
 * <p>Options: those listed in {@code docs/STORE.md}, such as {@code rocksdb.sync} ({@code own}, {@code all} or {@code none}) and
 * the limits.
 */
public final class RocksProviderStoreProvider extends RocksStoreProvider implements ProviderStoreProvider {

    /** Creates the provider; called by {@link java.util.ServiceLoader}. */
    public RocksProviderStoreProvider() {}

    /**
     * Opens the store in the data directory; creates it if it does not exist.
     *
     * @throws IllegalArgumentException if an option is unknown or invalid; one line that lists all of them
     */
    @Override
    public ProviderStore create(SpiContext context) throws StoreException {
        RocksStoreOptions storeOptions = RocksStoreOptions.parse(context.options());
        return new RocksProviderStore(
                context, storeOptions, Databases.open(context, Databases.Kind.PROVIDERS, storeOptions));
    }
}
