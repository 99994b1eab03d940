package io.kad.store.rocksdb.disk;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Flush of everything that is in memory or in the log to other files; fails after a time limit. RocksDB by itself would wait without limit, on a
 * full disk until there is space again. The flush is therefore only started, and its end observed. Confined to one thread at a time.
 */
public final class FileFlush implements AutoCloseable {

    private static final long LOOK_NANOS = 1_000_000;

    private final RocksDB db;
    private final List<ColumnFamilyHandle> families;
    private final FlushOptions options =
            new FlushOptions().setWaitForFlush(false).setAllowWriteStall(true);
    /** An empty batch that is not even logged: it fails with the error that has stopped the database, if there is one. */
    private final WriteBatch nothing = new WriteBatch();

    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true).setNoSlowdown(true);

    private final Start start;

    /** Start of a flush. */
    @FunctionalInterface
    interface Start {

        /** Starts a flush; returns false if RocksDB can't start another one at present. */
        boolean run() throws RocksDBException;
    }

    /**
     * Creates a flush of a database.
     *
     * @param families all column families of {@code db}
     */
    public FileFlush(RocksDB db, List<ColumnFamilyHandle> families) {
        this.db = db;
        this.families = families;
        this.start = this::start;
    }

    /** Creates a flush that is started by {@code start}. */
    FileFlush(RocksDB db, List<ColumnFamilyHandle> families, Start start) {
        this.db = db;
        this.families = families;
        this.start = start;
    }

    /**
     * Returns when everything that was written before is in files.
     *
     * @param wait the time that the caller has waited
     */
    public void run(DiskWait wait) throws RocksDBException {
        StallLimit limit = StallLimit.fromNow(db);
        while (!start.run()) {
            awaitProgress(limit, wait);
        }
        while (db.getAggregatedLongProperty("rocksdb.num-immutable-mem-table") > 0) {
            awaitProgress(limit, wait);
        }
    }

    private void awaitProgress(StallLimit limit, DiskWait wait) throws RocksDBException {
        requireRunning();
        limit.requireProgress(wait);
        boolean interrupted = Thread.interrupted(); // or it would not wait at all
        LockSupport.parkNanos(LOOK_NANOS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean start() throws RocksDBException {
        try {
            db.flush(options, families);
            return true;
        } catch (RocksDBException e) {
            if (isRefusal(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Returns whether RocksDB has refused to start a flush because it has stopped writes, as too much waits to be flushed. */
    private static boolean isRefusal(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.TryAgain;
    }

    private void requireRunning() throws RocksDBException {
        try {
            db.write(unlogged, nothing);
        } catch (RocksDBException e) {
            if (!StallLimit.isStall(e)) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        options.close();
        nothing.close();
        unlogged.close();
    }
}
