package io.kad.store.rocksdb.disk;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.LongSupplier;

/**
 * Time that one operation has waited for the disk. Only the time in which the process ran counts: an operation that waits looks often, and of the
 * interval between two looks no more than half a second counts. For the rest of a longer one the process stood still, as it was suspended or
 * collected garbage, which says nothing about the disk. A call of the database that blocks counts in the same way, so that what comes after it still has
 * its time. Confined to one thread at a time.
 */
public final class DiskWait {

    /** The longest interval between two looks that counts as a whole; several times that of any operation that waits. */
    static final Duration LONGEST_INTERVAL = Duration.ofMillis(500);

    private static final long LOCK_NANOS = Duration.ofMillis(100).toNanos();

    private final long limitNanos;
    private final LongSupplier nanoTime;
    private long lastLook;
    private long waitedNanos;

    /**
     * Creates the time of an operation that starts now.
     *
     * @param limit the longest time that it waits
     */
    DiskWait(Duration limit, LongSupplier nanoTime) {
        this.limitNanos = limit.toNanos();
        this.nanoTime = nanoTime;
        this.lastLook = nanoTime.getAsLong();
    }

    /** Returns the time of an operation that starts now, and waits up to {@link BatchWriter#MAX_STALL}. */
    public static DiskWait start() {
        return new DiskWait(BatchWriter.MAX_STALL, System::nanoTime);
    }

    /** Returns the time that is left; 0 or less if it is over. */
    private long leftNanos() {
        long now = nanoTime.getAsLong();
        waitedNanos += Math.min(now - lastLook, LONGEST_INTERVAL.toNanos());
        lastLook = now;
        return limitNanos - waitedNanos;
    }

    /** Returns whether the time is over; called at least every few milliseconds while the operation waits. */
    boolean isOver() {
        return leftNanos() <= 0;
    }

    /** Takes {@code lock} before the time is over; returns false if that was not possible. */
    public boolean lock(Lock lock) throws InterruptedException {
        while (true) {
            long left = leftNanos();
            if (lock.tryLock(Math.min(Math.max(0, left), LOCK_NANOS), TimeUnit.NANOSECONDS)) {
                return true;
            } else if (left <= 0) {
                return false;
            }
        }
    }
}
