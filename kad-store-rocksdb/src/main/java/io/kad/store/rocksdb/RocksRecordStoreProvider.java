package io.kad.store.rocksdb;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.RecordStoreProvider;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.Databases;
import io.kad.store.rocksdb.database.RocksStoreOptions;
import java.nio.file.Path;

/**
 * Factory of record stores in RocksDB, named {@code rocksdb}. Takes precedence over the memory store if there is a data directory.
 *
 * <p>Options: those listed in {@code docs/STORE.md}, such as {@code rocksdb.sync} ({@code own}, {@code all} or {@code none}) and
 * the limits.
 */
public final class RocksRecordStoreProvider extends RocksStoreProvider implements RecordStoreProvider {

    /** Creates the provider; called by {@link java.util.ServiceLoader}. */
    public RocksRecordStoreProvider() {}

    /**
     * Returns the file by whose lock (of {@code fcntl}) a process owns the stores in a data directory. A process with an open store must not open
     * the file: closing it would give the lock up.
     */
    public static Path lockFile(Path dataDirectory) {
        return Databases.lockFile(dataDirectory);
    }

    /**
     * Opens the store in the data directory; creates it if it does not exist.
     *
     * @throws IllegalArgumentException if an option is unknown or invalid; one line that lists all of them
     */
    @Override
    public RecordStore create(SpiContext context) throws StoreException {
        RocksStoreOptions storeOptions = RocksStoreOptions.parse(context.options());
        return new RocksRecordStore(
                context, storeOptions, Databases.open(context, Databases.Kind.RECORDS, storeOptions));
    }
}
