package io.kad.store.rocksdb.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The timeout uses a separate thread, because a hanging call of native code can't be interrupted. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileFlushTest {

    static {
        RocksDB.loadLibrary();
    }

    private final DBOptions options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
    private final ColumnFamilyOptions familyOptions = new ColumnFamilyOptions();
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private RocksDB db;
    private FileFlush flush;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws RocksDBException {
        List<ColumnFamilyDescriptor> descriptors = Stream.of("default", "other")
                .map(name -> new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), familyOptions))
                .toList();
        db = RocksDB.open(options, directory.toString(), descriptors, families);
        flush = new FileFlush(db, families);
    }

    @AfterEach
    void close() {
        flush.close();
        families.forEach(ColumnFamilyHandle::close);
        db.close();
        options.close();
        familyOptions.close();
    }

    private void put(int family) throws RocksDBException {
        byte[] bytes = "entry".getBytes(StandardCharsets.US_ASCII);
        db.put(families.get(family), bytes, bytes);
    }

    private long entriesInMemory() throws RocksDBException {
        return db.getAggregatedLongProperty("rocksdb.num-entries-active-mem-table")
                + db.getAggregatedLongProperty("rocksdb.num-entries-imm-mem-tables");
    }

    @Test
    void everythingIsInFilesAfterwards() throws RocksDBException {
        put(0);
        put(1);
        assertThat(entriesInMemory()).isEqualTo(2);
        flush.run(DiskWait.start());
        assertThat(entriesInMemory()).isZero();
    }

    @Test
    void aFlushThatMakesNoProgressFailsAtTheLimit() throws RocksDBException {
        put(0);
        db.pauseBackgroundWork();
        try {
            assertThatExceptionOfType(RocksDBException.class)
                    .isThrownBy(() -> flush.run(new DiskWait(Duration.ZERO, System::nanoTime)))
                    .withMessage(BatchWriter.STALLED);
        } finally {
            db.continueBackgroundWork();
        }
        flush.run(DiskWait.start());
        assertThat(entriesInMemory()).isZero();
    }

    @Test
    void aFlushThatCannotStartYetIsTriedAgainUntilTheLimit() throws RocksDBException {
        AtomicInteger refusals = new AtomicInteger(3);
        try (FileFlush delayed = new FileFlush(db, families, () -> refusals.getAndDecrement() <= 0)) {
            delayed.run(DiskWait.start());
        }
        assertThat(refusals).hasValue(-1);
        try (FileFlush refused = new FileFlush(db, families, () -> false)) {
            assertThatExceptionOfType(RocksDBException.class)
                    .isThrownBy(() -> refused.run(new DiskWait(Duration.ofMillis(300), System::nanoTime)))
                    .withMessage(BatchWriter.STALLED);
        }
    }
}
