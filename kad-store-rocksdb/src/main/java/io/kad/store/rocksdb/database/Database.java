package io.kad.store.rocksdb.database;

import io.kad.api.id.PeerId;
import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.TickerType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open database. Any number of threads read at once; one at a time writes, and waits for the disk, if it has to, without holding up
 * the next. Thread-safe.
 */
public final class Database {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final RocksDbOptions options;
    private final RocksDB db;
    private final ColumnFamilyHandles handles;
    private final PeerInterner interner;
    private final BatchWriter writer;
    /** Held shared by whoever uses the database, and alone by who closes it: what is native must not be used after that. */
    private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();

    private final ReentrantLock writeLock = new ReentrantLock();
    private volatile Counters counters;
    private volatile boolean closed;

    private Database(RocksDbOptions configuration, RocksDB db, ColumnFamilyHandles handles, Counters counters) {
        this.options = configuration;
        this.db = db;
        this.handles = handles;
        this.counters = counters;
        this.interner = new PeerInterner(db, handles);
        this.writer = new BatchWriter(db);
    }

    /** A use of the database. */
    @FunctionalInterface
    public interface ReadAction<T> {

        /** Uses it. */
        T run(Database database) throws RocksDBException, StoreException;
    }

    /** A change of the database. */
    @FunctionalInterface
    public interface WriteAction<T> {

        /** Makes it. */
        T run(WriteTransaction transaction) throws RocksDBException, StoreException;
    }

    /** Opens the database in {@code directory}, or makes it. */
    static Database open(Path directory, PeerId self, RocksStoreOptions storeOptions) throws StoreException {
        try {
            Files.createDirectories(directory);
        } catch (IOException | UnsupportedOperationException failed) {
            throw new StoreException.Failed(directory + " can't be made: " + failed, failed);
        }
        RocksNativeLoader.load(directory);
        RocksDbOptions configuration = new RocksDbOptions(storeOptions);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        RocksDB db;
        try {
            db = RocksDB.open(configuration.options(), directory.toString(), descriptors(configuration), handles);
        } catch (RocksDBException failed) {
            configuration.close();
            throw RocksErrors.opening(directory, failed);
        }
        ColumnFamilyHandles families = new ColumnFamilyHandles(handles);
        boolean opened = false;
        try {
            Schema.check(db, families, self, directory);
            byte @Nullable [] counted = db.get(families.of(ColumnFamily.META), Schema.COUNTERS_KEY);
            Counters counters = counted == null ? new Counters() : Counters.read(counted);
            Database database = new Database(configuration, db, families, counters);
            opened = true;
            return database;
        } catch (RocksDBException failed) {
            throw RocksErrors.opening(directory, failed);
        } finally {
            if (!opened) {
                families.close();
                db.close();
                configuration.close();
            }
        }
    }

    private static List<ColumnFamilyDescriptor> descriptors(RocksDbOptions configuration) {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (ColumnFamily family : ColumnFamily.values()) {
            descriptors.add(new ColumnFamilyDescriptor(family.bytes(), configuration.familyOptions()));
        }
        return descriptors;
    }

    RocksDB rocks() {
        return db;
    }

    ColumnFamilyHandle family(ColumnFamily family) {
        return handles.of(family);
    }

    public PeerInterner interner() {
        return interner;
    }

    public Counters counters() {
        return counters;
    }

    public byte @Nullable [] get(ColumnFamily family, byte[] key) throws RocksDBException {
        return db.get(handles.of(family), key);
    }

    /** Uses the database for reading. */
    public <T> T read(ReadAction<T> use) throws StoreException {
        lifecycle.readLock().lock();
        try {
            requireOpen();
            return use.run(this);
        } catch (RocksDBException failed) {
            throw RocksErrors.using(failed);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    /**
     * Makes a change, all of it or, if that fails, nothing; returns when it is written, and on the disk if it says so.
     *
     * @param change may throw, then nothing is changed
     */
    public <T> T write(WriteAction<T> change) throws StoreException {
        lifecycle.readLock().lock();
        try {
            requireOpen();
            T result;
            boolean synced;
            writeLock.lock();
            try (WriteTransaction transaction = new WriteTransaction(this)) {
                result = change.run(transaction);
                synced = transaction.isSynced();
                counters = transaction.commit(writer);
            } catch (RocksDBException failed) {
                interner.invalidateAll();
                throw failed;
            } finally {
                writeLock.unlock();
            }
            if (synced) {
                db.syncWal();
            }
            return result;
        } catch (RocksDBException failed) {
            throw RocksErrors.using(failed);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    /** Begins a change by each of several things. */
    @FunctionalInterface
    public interface BatchPreparation<T> {

        /** Begins it. */
        ItemWriter<T> prepare(WriteTransaction transaction) throws RocksDBException;
    }

    /** A change by each of several things. */
    @FunctionalInterface
    public interface ItemWriter<T> {

        /** Makes it; what it throws was not begun. */
        void write(T item) throws RocksDBException, StoreException;
    }

    /** Makes a change by each thing and writes them together; the first that is refused ends it: what was made before is written, and then it is told. */
    public <T> void writeEach(List<T> items, BatchPreparation<T> changes) throws StoreException {
        Optional<Exception> refusal = write(transaction -> {
            ItemWriter<T> change = changes.prepare(transaction);
            for (T item : items) {
                try {
                    change.write(item);
                } catch (StoreException | RuntimeException refused) {
                    return Optional.of(refused);
                }
            }
            return Optional.<Exception>empty();
        });
        if (refusal.isPresent()) {
            if (refusal.get() instanceof StoreException refused) {
                throw refused;
            }
            throw (RuntimeException) refusal.get();
        }
    }

    private void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed("the store is closed");
        }
    }

    /** Returns figures for people. */
    public Map<String, Long> statistics() throws StoreException {
        return read(database -> {
            Map<String, Long> figures = new LinkedHashMap<>();
            for (String property : List.of(
                    "total-sst-files-size",
                    "cur-size-all-mem-tables",
                    "estimate-table-readers-mem",
                    "block-cache-usage",
                    "num-running-compactions",
                    "background-errors")) {
                figures.put("rocksdb-" + property, db.getAggregatedLongProperty("rocksdb." + property));
            }
            figures.put("rocksdb-wal-syncs", options.ticker(TickerType.WAL_FILE_SYNCED));
            figures.put("rocksdb-bytes-written", options.ticker(TickerType.BYTES_WRITTEN));
            figures.put("rocksdb-bytes-read", options.ticker(TickerType.BYTES_READ));
            figures.put("rocksdb-cache-hits", options.ticker(TickerType.BLOCK_CACHE_HIT));
            figures.put("rocksdb-cache-misses", options.ticker(TickerType.BLOCK_CACHE_MISS));
            return figures;
        });
    }

    /** Waits for those who use it, and closes it; what was written is on the disk then. */
    void close() {
        lifecycle.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            try {
                db.syncWal();
            } catch (RocksDBException failed) {
                LOG.warn("what was written last without being synced may be lost: {}", failed.getMessage());
            }
            flushLog();
            writer.close();
            handles.close();
            db.close();
            options.close();
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    /** Moves what is in the log to files, so that the next one to open the database has no log to read. */
    private void flushLog() {
        try (FlushOptions whenDone = new FlushOptions().setWaitForFlush(true)) {
            db.flush(whenDone, handles.all());
        } catch (RocksDBException failed) {
            LOG.debug("the log is left to the next one to open the database", failed);
        }
    }
}
