package io.kad.store.rocksdb.database;

import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;

/**
 * Limit of the disk space of a database: refuses writes that add entries once it is reached.
 *
 * <p>The limit of RocksDB itself is not used. It makes every write fail, removals included, and starts a thread that tries to recover;
 * that thread may still use the database after it is closed, which ends the process. Thread-safe.
 */
final class DiskLimit {

    private final long maxBytes;
    private final SstFileManager files;
    private final RocksDB db;

    /**
     * Creates a limit.
     *
     * @param maxBytes the largest size of the files and of the data that is not yet in a file; 0 for no limit
     */
    DiskLimit(long maxBytes, SstFileManager files, RocksDB db) {
        this.maxBytes = maxBytes;
        this.files = files;
        this.db = db;
    }

    /** Fails if the limit is reached. */
    void requireSpace() throws RocksDBException {
        if (maxBytes > 0 && usedBytes() >= maxBytes) {
            throw new RocksDBException(RocksErrors.DISK_LIMIT_REACHED);
        }
    }

    private long usedBytes() throws RocksDBException {
        return files.getTotalSize() + db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables");
    }
}
