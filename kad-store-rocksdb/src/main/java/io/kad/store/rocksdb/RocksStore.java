package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.ColumnFamily;
import io.kad.store.rocksdb.database.Database;
import io.kad.store.rocksdb.database.Databases;
import io.kad.store.rocksdb.database.PrefixIterator;
import io.kad.store.rocksdb.database.RocksStoreOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;

/** What both stores have: whose they are, the database, and an end. Thread-safe. */
abstract class RocksStore {

    final SpiContext context;
    final PeerId self;
    final RocksStoreOptions storeOptions;
    final Database database;
    private final Databases.Lease lease;
    private volatile boolean closed;

    RocksStore(SpiContext context, RocksStoreOptions storeOptions, Databases.Lease lease) {
        this.context = context;
        this.self = context.self();
        this.storeOptions = storeOptions;
        this.lease = lease;
        this.database = lease.database();
    }

    /** Returns true: the disk is waited for. */
    public final boolean mayBlock() {
        return true;
    }

    final Instant now() {
        return context.clock().instant();
    }

    final void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed("the store is closed");
        }
    }

    static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, not " + limit);
        }
    }

    /** Begins to read a page. */
    @FunctionalInterface
    interface PageReader<T> {

        /** Begins it. */
        EntryReader<T> open(Database database) throws RocksDBException;
    }

    /** What an entry of a column family stands for. */
    @FunctionalInterface
    interface EntryReader<T> {

        /** Returns it; empty if it is not to be given out. */
        Optional<T> read(byte[] key, byte[] value) throws RocksDBException;
    }

    /** Returns what the next {@code limit} entries of a column family stand for, in the order of their keys. */
    final <T> Page<T> page(ColumnFamily family, Optional<Bytes> after, int limit, PageReader<T> reading)
            throws StoreException {
        requireOpen();
        requirePositive(limit);
        return database.read(db -> {
            EntryReader<T> entry = reading.open(db);
            List<T> items = new ArrayList<>();
            Optional<Bytes> last = Optional.empty();
            try (PrefixIterator cursor = PrefixIterator.after(db, family, after.map(Bytes::toArray))) {
                for (int looked = 0; looked < limit && cursor.isValid(); looked++) {
                    byte[] key = cursor.key();
                    entry.read(key, cursor.value()).ifPresent(items::add);
                    last = Optional.of(Bytes.of(key));
                    cursor.next();
                }
                cursor.check();
                return new Page<>(items, cursor.isValid() ? last : Optional.empty());
            }
        });
    }

    /** Returns the figures of the database and those given. */
    final Map<String, Long> mergeStatistics(Map<String, Long> own) throws StoreException {
        Map<String, Long> figures = new LinkedHashMap<>(database.statistics());
        figures.putAll(own);
        return figures;
    }

    /** Ends the use of the database; the last store closes it. */
    public final void close() {
        closed = true;
        lease.release();
    }
}
