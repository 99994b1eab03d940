package io.kad.store.rocksdb.disk;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Sync of the write-ahead log. One runs at a time. A writer needs one that started after its write; those that wait for the same one share it, and
 * its failure, unless the time of that writer was over. After a failed sync the system may have dropped what it could not write, and later syncs would succeed without it: from then on a
 * sync writes everything to other files, until that has succeeded once. Thread-safe.
 */
public final class LogSync {

    /** Part of a sync. */
    @FunctionalInterface
    public interface Step {

        /** Writes to the disk, and returns when it has; {@code wait} is the time that the caller has waited. */
        void run(DiskWait wait) throws RocksDBException;
    }

    private final Step syncLog;
    private final Step writeToFiles;
    private final SyncTimes times;
    private final ReentrantLock lock = new ReentrantLock();
    /** Number of the latest sync; increases under the lock only. */
    private final AtomicLong latest = new AtomicLong();
    /** Number of the latest sync that succeeded. Guarded by the lock, as the two below. */
    private long latestSuccess;

    /** Failure of the latest sync; null if it succeeded, or ended in another way. */
    private @Nullable RocksDBException failure;

    private boolean incomplete;

    /**
     * Creates the sync of a database whose log is complete.
     *
     * @param syncLog syncs the log
     * @param writeToFiles writes everything that is in the log to other files, and syncs these
     * @param times measures each sync
     */
    public LogSync(Step syncLog, Step writeToFiles, SyncTimes times) {
        this.syncLog = syncLog;
        this.writeToFiles = writeToFiles;
        this.times = times;
    }

    /**
     * Syncs all writes so far.
     *
     * @param wait the time that the caller has waited, which also limits how long it waits for the syncs of others
     * @throws RocksDBException if they are not known to be on the disk; readers see them nonetheless
     */
    public void run(DiskWait wait) throws RocksDBException {
        // One that runs may have begun before the write
        long needed = latest.get() + 1;
        lock(wait);
        try {
            if (latestSuccess >= needed) {
                return;
            }
            // One that came to the end of its own time says nothing about those that came later
            if (failure != null && latest.get() >= needed && !StallLimit.isOver(failure)) {
                throw failure;
            }
            sync(wait);
        } finally {
            lock.unlock();
        }
    }

    private void lock(DiskWait wait) throws RocksDBException {
        if (lock.tryLock()) { // also for a thread that is interrupted
            return;
        }
        try {
            if (!wait.lock(lock)) {
                throw StallLimit.stalled();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RocksDBException("interrupted while another sync was running");
        }
    }

    private void sync(DiskWait wait) throws RocksDBException {
        long number = latest.incrementAndGet();
        boolean logMayHaveGap = incomplete;
        failure = null;
        incomplete = true; // until this one has succeeded
        long begin = times.begin();
        try {
            if (logMayHaveGap || !syncsLog(wait)) {
                writeToFiles.run(wait);
            }
            incomplete = false;
            latestSuccess = number;
        } catch (RocksDBException e) {
            failure = e;
            throw e;
        } finally {
            times.ended(begin, !incomplete);
        }
    }

    private boolean syncsLog(DiskWait wait) {
        try {
            syncLog.run(wait);
            return true;
        } catch (RocksDBException e) {
            return false;
        }
    }
}
