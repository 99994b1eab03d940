package io.kad.store.rocksdb.disk;

import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Limit of the time that a writer waits for the disk. Confined to one thread at a time. */
final class StallLimit {

    private final RocksDB db;
    private long reportedErrors;

    /** Creates a limit that reports background errors even if they came before it. */
    StallLimit(RocksDB db) {
        this(db, 0);
    }

    private StallLimit(RocksDB db, long reportedErrors) {
        this.db = db;
        this.reportedErrors = reportedErrors;
    }

    /** Returns a limit that reports background errors from now on. */
    static StallLimit fromNow(RocksDB db) throws RocksDBException {
        return new StallLimit(db, errors(db));
    }

    private static long errors(RocksDB db) throws RocksDBException {
        return db.getLongProperty("rocksdb.background-errors");
    }

    /** Returns whether RocksDB has refused a write because it would stall. */
    static boolean isStall(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Incomplete;
    }

    /** Returns the failure of a writer whose time is over. */
    static RocksDBException stalled() {
        return new RocksDBException(BatchWriter.STALLED);
    }

    /** Returns whether {@code e} is the failure of a writer whose time was over. */
    static boolean isOver(RocksDBException e) {
        return BatchWriter.STALLED.equals(e.getMessage());
    }

    /**
     * Fails if to wait longer has no prospect of success: if there is a new background error, or the time is over.
     *
     * @param wait the time that the writer has waited
     */
    void requireProgress(DiskWait wait) throws RocksDBException {
        long errors = errors(db);
        if (errors > reportedErrors) {
            reportedErrors = errors;
            throw new RocksDBException("background write failed: no space left, or the disk fails");
        }
        if (wait.isOver()) {
            throw stalled();
        }
    }
}
