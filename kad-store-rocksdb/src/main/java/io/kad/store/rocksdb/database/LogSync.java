package io.kad.store.rocksdb.database;

import org.rocksdb.RocksDBException;

/**
 * Sync of the write-ahead log. After a failed sync the system may have dropped what it could not write, and later syncs would succeed without it:
 * from then on a sync writes everything to other files, until that has succeeded once. Thread-safe.
 */
final class LogSync {

    /** Part of a sync. */
    @FunctionalInterface
    interface Step {

        /** Writes to the disk, and returns when it has. */
        void run() throws RocksDBException;
    }

    private final Step syncLog;
    private final Step writeToFiles;
    private volatile boolean incomplete;

    /**
     * Creates the sync of a database whose log is complete.
     *
     * @param syncLog syncs the log
     * @param writeToFiles writes everything that is in the log to other files, and syncs these
     */
    LogSync(Step syncLog, Step writeToFiles) {
        this.syncLog = syncLog;
        this.writeToFiles = writeToFiles;
    }

    /**
     * Syncs all writes so far.
     *
     * @throws RocksDBException if they are not known to be on the disk; readers see them nonetheless
     */
    void run() throws RocksDBException {
        if (!incomplete) {
            try {
                syncLog.run();
                if (!incomplete) {
                    return;
                }
            } catch (RocksDBException e) {
                incomplete = true;
            }
        }
        writeAll();
    }

    private synchronized void writeAll() throws RocksDBException {
        // also if another thread has written everything meanwhile: it may have been before the write of this one
        incomplete = true;
        writeToFiles.run();
        incomplete = false;
    }
}
