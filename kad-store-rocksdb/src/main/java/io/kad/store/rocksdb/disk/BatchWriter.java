package io.kad.store.rocksdb.disk;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Writes batches; a write that the disk stalls fails after a time limit.
 *
 * <p>RocksDB by itself would wait without limit, on a full disk until there is space again. The writer therefore lets RocksDB refuse a
 * write that would stall, and retries it until the limit, or until RocksDB reports a new background error. Confined to one thread
 * at a time.
 */
public final class BatchWriter implements AutoCloseable {

    /** The longest time that a write waits for the disk, without time in which the process stands still. */
    public static final Duration MAX_STALL = Duration.ofSeconds(10);

    /** Cause of a write that has waited for so long. */
    public static final String STALLED =
            "write stalled for " + MAX_STALL.toSeconds() + " s: the disk is too slow or full";

    private static final long RETRY_NANOS = Duration.ofMillis(1).toNanos();

    private final RocksDB db;
    private final WriteOptions options = new WriteOptions().setNoSlowdown(true);
    private final StallLimit limit;

    /** Creates a writer of {@code db}, which the caller closes after it. */
    public BatchWriter(RocksDB db) {
        this.db = db;
        this.limit = new StallLimit(db);
    }

    /** Writes {@code batch} as the other method does, which waits from now on. */
    public void write(WriteBatch batch) throws RocksDBException {
        write(batch, DiskWait.start());
    }

    /**
     * Writes {@code batch} atomically.
     *
     * @param wait the time that the caller has waited
     * @throws RocksDBException if the write fails or stalls too long; readers then see nothing of the batch, but the log may hold all of
     *     it, so that it may be there after the database is opened again
     */
    public void write(WriteBatch batch, DiskWait wait) throws RocksDBException {
        while (true) {
            try {
                db.write(options, batch);
                return;
            } catch (RocksDBException e) {
                if (!StallLimit.isStall(e)) {
                    throw e;
                }
                limit.requireProgress(wait);
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    @Override
    public void close() {
        options.close();
    }
}
