package io.kad.store.rocksdb.disk;

import io.kad.api.spi.metrics.Metric;
import io.kad.api.spi.metrics.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Measurement of the syncs of the write-ahead log: how long the disk takes. Thread-safe. */
public final class SyncTimes {

    private static final Metric SYNCS = new Metric(
            "kad.rocksdb.syncs",
            "Time of the syncs of the log of RocksDB, without waiting for other writers.",
            List.of("outcome"));

    private final LongSupplier nanoTime;
    private final Metrics.Timer succeeded;
    private final Metrics.Timer failed;

    /**
     * Creates the times of one database.
     *
     * @param nanoTime a clock that never goes back
     */
    public SyncTimes(Metrics metrics, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        succeeded = metrics.timer(SYNCS, "ok");
        failed = metrics.timer(SYNCS, "failed");
    }

    /** Returns the time at which a sync begins, for {@link #ended}. */
    long begin() {
        return nanoTime.getAsLong();
    }

    /** Records a sync that has just ended. */
    void ended(long begin, boolean success) {
        Duration time = Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - begin));
        (success ? succeeded : failed).record(time);
    }
}
