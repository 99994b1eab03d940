package io.kad.store.rocksdb;

import static io.kad.api.spi.store.Page.requirePositive;

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
import io.kad.store.rocksdb.database.WriteTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;

/** Common base of both stores: context, options, and the lease of the shared database. Thread-safe. */
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

    /** Returns true: calls wait for the disk. */
    public final boolean mayBlock() {
        return true;
    }

    final Instant now() {
        return context.clock().instant();
    }

    final void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed();
        }
    }

    /** Opens the reader of one page. */
    @FunctionalInterface
    interface PageReader<T> {

        /** Returns the reader of the entries of the page. */
        EntryReader<T> open(Database database) throws RocksDBException;
    }

    /** Maps the entries of a column family to the items of a page. */
    @FunctionalInterface
    interface EntryReader<T> {

        /** Returns the item of an entry; empty to skip the entry. */
        Optional<T> read(byte[] key, byte[] value) throws RocksDBException;
    }

    /**
     * Returns one page of the items of a column family, in the order of their keys.
     *
     * @param after the last key of the previous page; empty for the first page
     * @param limit the number of entries to visit, at least 1
     */
    final <T> Page<T> page(ColumnFamily family, Optional<Bytes> after, int limit, PageReader<T> reader)
            throws StoreException {
        requireOpen();
        requirePositive(limit);
        return database.readWhileOpen(db -> {
            EntryReader<T> entryReader = reader.open(db);
            List<T> items = new ArrayList<>();
            Optional<Bytes> last = Optional.empty();
            try (PrefixIterator entries = PrefixIterator.after(db, family, after.map(Bytes::toArray))) {
                for (int visited = 0; visited < limit && entries.isValid(); visited++) {
                    byte[] key = entries.key();
                    entryReader.read(key, entries.value()).ifPresent(items::add);
                    last = Optional.of(Bytes.of(key));
                    entries.next();
                }
                entries.check();
                return new Page<>(items, entries.isValid() ? last : Optional.empty());
            }
        });
    }

    /** Returns the metrics of the database and those of the store. */
    final Map<String, Long> mergeStatistics(Map<String, Long> storeMetrics) throws StoreException {
        Map<String, Long> metrics = new LinkedHashMap<>(database.statistics());
        metrics.putAll(storeMetrics);
        return metrics;
    }

    /** Removes up to {@code limit} expired records and returns the number removed. */
    public final int removeExpired(int limit) throws StoreException {
        requireOpen();
        requirePositive(limit);
        return database.write(transaction -> sweep(transaction, limit));
    }

    /** Removes up to {@code limit} expired records within {@code transaction} and returns the number removed. */
    abstract int sweep(WriteTransaction transaction, int limit) throws RocksDBException;

    /** Releases the database; the last store that does so closes it. */
    public final void close() {
        closed = true;
        lease.release();
    }
}
