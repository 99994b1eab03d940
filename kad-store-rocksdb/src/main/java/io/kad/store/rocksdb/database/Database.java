package io.kad.store.rocksdb.database;

import io.kad.api.id.PeerId;
import io.kad.api.spi.PrivateDirectory;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.disk.BatchWriter;
import io.kad.store.rocksdb.disk.DiskWait;
import io.kad.store.rocksdb.disk.FileFlush;
import io.kad.store.rocksdb.disk.LogSync;
import io.kad.store.rocksdb.disk.SyncTimes;
import java.io.IOException;
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
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.TickerType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open RocksDB database of a peer. Thread-safe.
 *
 * <p>Any number of threads read concurrently, and one thread at a time writes. A synced write waits for the disk after it has
 * released the lock of writers.
 */
public final class Database {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final RocksDbOptions options;
    private final RocksDB db;
    private final ColumnFamilyHandles handles;
    private final PeerNumbers peerNumbers;
    private final BatchWriter writer;
    private final FileFlush fileFlush;
    private final LogSync logSync;
    private final DiskLimit diskLimit;
    /** Read-locked by users of the database and write-locked by close, because native objects must not be used once they are closed. */
    private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();

    private final ReentrantLock writeLock = new ReentrantLock();
    private volatile Counters counters;
    private volatile boolean closed;

    private Database(
            RocksDbOptions options, RocksDB db, ColumnFamilyHandles handles, Counters counters, Metrics metrics) {
        this.options = options;
        this.db = db;
        this.handles = handles;
        this.counters = counters;
        this.peerNumbers = new PeerNumbers(db, handles);
        this.writer = new BatchWriter(db);
        this.fileFlush = new FileFlush(db, handles.all());
        this.logSync = new LogSync(wait -> db.syncWal(), fileFlush::run, new SyncTimes(metrics, System::nanoTime));
        this.diskLimit = options.diskLimit(db);
    }

    /** Read access to the database. */
    @FunctionalInterface
    public interface ReadAction<T> {

        /** Reads from {@code database} and returns the result. */
        T run(Database database) throws RocksDBException, StoreException;
    }

    /** Change of the database. */
    @FunctionalInterface
    public interface WriteAction<T> {

        /** Makes the change in {@code transaction} and returns the result. */
        T run(WriteTransaction transaction) throws RocksDBException, StoreException;
    }

    /**
     * Opens the database in {@code directory}; creates it if it does not exist.
     *
     * @param metrics receives the times of its syncs
     * @throws StoreException.Failed if it can't be opened or belongs to another peer; nothing is left locked, and a retry is safe
     */
    static Database open(Path directory, PeerId self, RocksStoreOptions storeOptions, Metrics metrics)
            throws StoreException {
        try {
            PrivateDirectory.create(directory);
        } catch (IOException | UnsupportedOperationException e) {
            throw new StoreException.Failed("cannot create " + directory + ": " + e, e);
        }
        RocksNativeLoader.load(directory);
        RocksDbOptions options = new RocksDbOptions(storeOptions);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        RocksDB db;
        try {
            db = RocksDB.open(options.options(), directory.toString(), descriptors(options), handles);
        } catch (RocksDBException e) {
            options.close();
            throw RocksErrors.opening(directory, e);
        }
        ColumnFamilyHandles families = new ColumnFamilyHandles(handles);
        boolean opened = false;
        try {
            Schema.check(db, families, self, directory);
            byte @Nullable [] stored = db.get(families.of(ColumnFamily.META), Schema.COUNTERS_KEY);
            Counters counters = stored == null ? new Counters() : Counters.read(stored);
            Database database = new Database(options, db, families, counters, metrics);
            opened = true;
            return database;
        } catch (RocksDBException e) {
            throw RocksErrors.opening(directory, e);
        } finally {
            if (!opened) {
                families.close();
                db.close();
                options.close();
            }
        }
    }

    private static List<ColumnFamilyDescriptor> descriptors(RocksDbOptions options) {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (ColumnFamily family : ColumnFamily.values()) {
            descriptors.add(new ColumnFamilyDescriptor(family.bytes(), options.familyOptions()));
        }
        return descriptors;
    }

    RocksDB rocks() {
        return db;
    }

    ColumnFamilyHandle family(ColumnFamily family) {
        return handles.of(family);
    }

    public PeerNumbers peerNumbers() {
        return peerNumbers;
    }

    public Counters counters() {
        return counters;
    }

    public byte @Nullable [] get(ColumnFamily family, byte[] key) throws RocksDBException {
        return db.get(handles.of(family), key);
    }

    /** Runs {@code action} while the database is open, and returns its result. */
    public <T> T readWhileOpen(ReadAction<T> action) throws StoreException {
        lifecycle.readLock().lock();
        try {
            requireOpen();
            return action.run(this);
        } catch (RocksDBException e) {
            throw RocksErrors.storeException(e);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    /**
     * Makes a change atomically, and returns its result once it is written, and synced if the transaction requires it. It waits for other
     * writers, their syncs and room on the disk up to {@link BatchWriter#MAX_STALL}, all together.
     *
     * @param change may throw; nothing is changed then
     * @throws StoreException if nothing is changed; or with a message that says so, if the change is made and visible, but not known to be on the
     *     disk
     */
    public <T> T write(WriteAction<T> change) throws StoreException {
        lifecycle.readLock().lock();
        try {
            requireOpen();
            T result;
            boolean synced;
            DiskWait wait = DiskWait.start();
            lockForWriting(wait);
            try (WriteTransaction transaction = new WriteTransaction(this)) {
                result = change.run(transaction);
                synced = transaction.isSynced();
                counters = transaction.commit(writer, diskLimit, wait);
            } catch (RocksDBException e) {
                peerNumbers.invalidateByPeer();
                throw e;
            } finally {
                writeLock.unlock();
            }
            if (synced) {
                sync(wait);
            }
            return result;
        } catch (RocksDBException e) {
            throw RocksErrors.storeException(e);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    /** Takes the lock of writers; those that wait behind a stalled write fail when it does, and not one after the other. */
    private void lockForWriting(DiskWait wait) throws StoreException.Failed {
        String cause = "the store failed: " + BatchWriter.STALLED;
        try {
            if (wait.lock(writeLock)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cause = "interrupted while other writes were running";
        }
        throw new StoreException.Failed(cause, new IllegalStateException(cause));
    }

    private void sync(DiskWait wait) throws StoreException.Failed {
        try {
            logSync.run(wait);
        } catch (RocksDBException e) {
            throw new StoreException.Failed(
                    "written, but not synced: the change is visible, and may be lost if the machine stops: "
                            + RocksErrors.storeException(e).getMessage(),
                    e);
        }
    }

    /** Prepares a batch of changes. */
    @FunctionalInterface
    public interface BatchPreparation<T> {

        /** Returns the writer of the items of the batch. */
        ItemWriter<T> prepare(WriteTransaction transaction) throws RocksDBException;
    }

    /** Writes the items of a batch. */
    @FunctionalInterface
    public interface ItemWriter<T> {

        /** Writes one item. An item for which it throws must not have been written in part. */
        void write(T item) throws RocksDBException, StoreException;
    }

    /**
     * Writes {@code items} in one batch, up to the first item that is refused. Earlier items are written, and the exception of the refused
     * one is thrown afterwards.
     */
    public <T> void writeEach(List<T> items, BatchPreparation<T> preparation) throws StoreException {
        Optional<Exception> refusal = write(transaction -> {
            ItemWriter<T> writer = preparation.prepare(transaction);
            for (T item : items) {
                try {
                    writer.write(item);
                } catch (StoreException | RuntimeException e) {
                    return Optional.of(e);
                }
            }
            return Optional.<Exception>empty();
        });
        if (refusal.isPresent()) {
            if (refusal.get() instanceof StoreException e) {
                throw e;
            }
            throw (RuntimeException) refusal.get();
        }
    }

    private void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed();
        }
    }

    /** Returns metrics of RocksDB by name. */
    public Map<String, Long> statistics() throws StoreException {
        return readWhileOpen(database -> {
            Map<String, Long> metrics = new LinkedHashMap<>();
            for (String property : List.of(
                    "total-sst-files-size",
                    "cur-size-all-mem-tables",
                    "estimate-table-readers-mem",
                    "block-cache-usage",
                    "num-running-compactions",
                    "background-errors")) {
                metrics.put("rocksdb-" + property, db.getAggregatedLongProperty("rocksdb." + property));
            }
            metrics.put("rocksdb-wal-syncs", options.ticker(TickerType.WAL_FILE_SYNCED));
            metrics.put("rocksdb-bytes-written", options.ticker(TickerType.BYTES_WRITTEN));
            metrics.put("rocksdb-bytes-read", options.ticker(TickerType.BYTES_READ));
            metrics.put("rocksdb-cache-hits", options.ticker(TickerType.BLOCK_CACHE_HIT));
            metrics.put("rocksdb-cache-misses", options.ticker(TickerType.BLOCK_CACHE_MISS));
            return metrics;
        });
    }

    /** Waits until no thread uses the database, syncs all writes, and closes it. Closing again has no effect. */
    void close() {
        lifecycle.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            try {
                logSync.run(DiskWait.start());
            } catch (RocksDBException e) {
                LOG.warn(
                        "failed to sync the database on close; the latest unsynced writes may be lost: {}",
                        e.getMessage());
            }
            flushLog();
            fileFlush.close();
            writer.close();
            handles.close();
            db.close();
            options.close();
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    /** Flushes the write-ahead log to files, so that the next process that opens the database need not replay it. */
    private void flushLog() {
        try {
            fileFlush.run(DiskWait.start());
        } catch (RocksDBException e) {
            LOG.debug("failed to flush the write-ahead log; the next open replays it", e);
        }
    }
}
