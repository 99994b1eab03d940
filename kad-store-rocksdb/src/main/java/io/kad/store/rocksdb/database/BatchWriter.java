package io.kad.store.rocksdb.database;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Writes batches; a write that the disk stalls fails after a time limit.
 *
 * <p>RocksDB by itself would wait without limit, on a full disk until there is space again. The writer therefore lets RocksDB refuse a
 * write that would stall, and retries it until the limit, or until RocksDB reports a new background error. Confined to one thread
 * at a time.
 */
final class BatchWriter implements AutoCloseable {

    /** The longest time that a write waits for the disk. */
    static final Duration MAX_STALL = Duration.ofSeconds(10);

    /** Cause of a write that has waited for so long. */
    static final String STALLED = "write stalled for " + MAX_STALL.toSeconds() + " s: the disk is too slow or full";

    private static final long RETRY_NANOS = Duration.ofMillis(1).toNanos();

    private final RocksDB db;
    private final WriteOptions options = new WriteOptions().setNoSlowdown(true);
    private long reportedErrors;

    BatchWriter(RocksDB db) {
        this.db = db;
    }

    /** Writes {@code batch} as the other method does, which waits from now on. */
    void write(WriteBatch batch) throws RocksDBException {
        write(batch, System.nanoTime());
    }

    /**
     * Writes {@code batch} atomically.
     *
     * @param start time from which on it waits, as {@link System#nanoTime} returned it
     * @throws RocksDBException if the write fails or stalls too long; readers then see nothing of the batch, but the log may hold all of
     *     it, so that it may be there after the database is opened again
     */
    void write(WriteBatch batch, long start) throws RocksDBException {
        while (true) {
            try {
                db.write(options, batch);
                return;
            } catch (RocksDBException e) {
                if (!isStall(e)) {
                    throw e;
                }
                requireProgress(System.nanoTime() - start);
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private static boolean isStall(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Incomplete;
    }

    /** Fails if a retry has no prospect of success. */
    private void requireProgress(long waitedNanos) throws RocksDBException {
        long errors = db.getLongProperty("rocksdb.background-errors");
        if (errors > reportedErrors) {
            reportedErrors = errors;
            throw new RocksDBException("background write failed: no space left, or the disk fails");
        }
        if (waitedNanos > MAX_STALL.toNanos()) {
            throw new RocksDBException(STALLED);
        }
    }

    @Override
    public void close() {
        options.close();
    }
}
