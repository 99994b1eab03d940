package io.kad.store.rocksdb;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.RecordStoreProvider;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.Databases;
import io.kad.store.rocksdb.database.RocksStoreOptions;

/**
 * Makes record stores on disk; called {@code rocksdb}, and chosen before the memory stores wherever there is a data directory.
 *
 * <p>Options: {@code rocksdb.sync}, which is {@code own}, {@code all} or {@code none}, and the limits listed in {@code docs/STORE.md}.
 */
public final class RocksRecordStoreProvider extends RocksStoreProvider implements RecordStoreProvider {

    /** Made by {@link java.util.ServiceLoader}. */
    public RocksRecordStoreProvider() {}

    /**
     * Opens the store in the data directory, or makes it.
     *
     * @throws IllegalArgumentException in one line that names each option that is unknown or has a wrong value
     */
    @Override
    public RecordStore create(SpiContext context) throws StoreException {
        RocksStoreOptions storeOptions = RocksStoreOptions.parse(context.options());
        return new RocksRecordStore(
                context, storeOptions, Databases.open(context, Databases.Kind.RECORDS, storeOptions));
    }
}
