package io.kad.store.rocksdb.database;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Writes batches, and waits for a disk that does not keep up, but not without end.
 *
 * <p>RocksDB itself waits as long as it takes, and when a full disk keeps it from writing files, that is until somebody makes room. So it
 * is asked to refuse instead, and is asked again for a while; after an error in its background it is not. Confined to one thread at a
 * time.
 */
final class BatchWriter implements AutoCloseable {

    /** How long a write waits at most. */
    private static final Duration MAX_STALL = Duration.ofSeconds(10);

    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final RocksDB db;
    private final WriteOptions options = new WriteOptions().setNoSlowdown(true);
    private long errorsBefore;

    BatchWriter(RocksDB db) {
        this.db = db;
    }

    /** Writes {@code batch}, all of it or, if this throws, nothing of it for readers, and perhaps all of it for who opens the log later. */
    void write(WriteBatch batch) throws RocksDBException {
        long begin = System.nanoTime();
        while (true) {
            try {
                db.write(options, batch);
                return;
            } catch (RocksDBException failed) {
                if (!isStall(failed)) {
                    throw failed;
                }
                failIfHopeless(System.nanoTime() - begin);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static boolean isStall(RocksDBException failed) {
        Status status = failed.getStatus();
        return status != null && status.getCode() == Status.Code.Incomplete;
    }

    private void failIfHopeless(long waitedNanos) throws RocksDBException {
        long errors = db.getLongProperty("rocksdb.background-errors");
        if (errors > errorsBefore) {
            errorsBefore = errors;
            throw new RocksDBException("writing files fails in the background: no space left, or a failing disk");
        }
        if (waitedNanos > MAX_STALL.toNanos()) {
            throw new RocksDBException("the disk does not keep up: nothing could be written for " + MAX_STALL);
        }
    }

    @Override
    public void close() {
        options.close();
    }
}
