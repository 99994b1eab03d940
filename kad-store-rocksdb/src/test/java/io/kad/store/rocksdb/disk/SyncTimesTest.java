package io.kad.store.rocksdb.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.kad.api.spi.metrics.Metric;
import io.kad.api.spi.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;

/** Each sync is measured by its outcome, with what follows a log that cannot be synced. */
class SyncTimesTest {

    private final List<String> ended = new ArrayList<>();
    private final List<Duration> times = new ArrayList<>();
    private long nanos;

    /** Receiver that keeps the times. */
    private final class Times implements Metrics {

        @Override
        public Timer timer(Metric metric, String... labels) {
            return time -> {
                ended.add(metric.name() + List.of(labels));
                times.add(time);
            };
        }

        @Override
        public Counter counter(Metric metric, String... labels) {
            throw new AssertionError(metric);
        }

        @Override
        public Summary summary(Metric metric, String... labels) {
            throw new AssertionError(metric);
        }

        @Override
        public void gauge(Metric metric, DoubleSupplier value, String... labels) {
            throw new AssertionError(metric);
        }

        @Override
        public void total(Metric metric, LongSupplier total, String... labels) {
            throw new AssertionError(metric);
        }
    }

    private LogSync sync(LogSync.Step syncLog, LogSync.Step writeToFiles) {
        return new LogSync(syncLog, writeToFiles, new SyncTimes(new Times(), () -> nanos));
    }

    private void take(long millis) {
        nanos += millis * 1_000_000;
    }

    private static void fail(DiskWait wait) throws RocksDBException {
        throw new RocksDBException("input/output error");
    }

    @Test
    void theTimeOfASyncIsThatOfItsSteps() throws RocksDBException {
        sync(start -> take(20), SyncTimesTest::fail).run(DiskWait.start());
        LogSync.Step broken = start -> {
            take(5);
            fail(start);
        };
        sync(broken, start -> take(30)).run(DiskWait.start());
        assertThat(ended).containsExactly("kad.rocksdb.syncs[ok]", "kad.rocksdb.syncs[ok]");
        assertThat(times).containsExactly(Duration.ofMillis(20), Duration.ofMillis(35));
    }

    @Test
    void aSyncThatFailsIsMeasuredAsFailed() {
        LogSync sync = sync(SyncTimesTest::fail, SyncTimesTest::fail);
        assertThatExceptionOfType(RocksDBException.class).isThrownBy(() -> sync.run(DiskWait.start()));
        assertThat(ended).containsExactly("kad.rocksdb.syncs[failed]");
    }
}
