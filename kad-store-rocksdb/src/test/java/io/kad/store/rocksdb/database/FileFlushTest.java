package io.kad.store.rocksdb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.kad.api.spi.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The timeout uses a separate thread, because a hanging call of native code can't be interrupted. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileFlushTest {

    private RocksDbOptions options;
    private ColumnFamilyHandles handles;
    private RocksDB db;
    private FileFlush flush;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws RocksDBException, StoreException {
        RocksNativeLoader.load(directory);
        options = new RocksDbOptions(RocksStoreOptions.parse(Map.of()));
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        for (ColumnFamily family : ColumnFamily.values()) {
            families.add(new ColumnFamilyDescriptor(family.bytes(), options.familyOptions()));
        }
        List<ColumnFamilyHandle> opened = new ArrayList<>();
        db = RocksDB.open(options.options(), directory.toString(), families, opened);
        handles = new ColumnFamilyHandles(opened);
        flush = new FileFlush(db, handles);
    }

    @AfterEach
    void close() {
        flush.close();
        handles.close();
        db.close();
        options.close();
    }

    private void put(ColumnFamily family) throws RocksDBException {
        byte[] bytes = "entry".getBytes(StandardCharsets.US_ASCII);
        db.put(handles.of(family), bytes, bytes);
    }

    private long entriesInMemory() throws RocksDBException {
        return db.getAggregatedLongProperty("rocksdb.num-entries-active-mem-table")
                + db.getAggregatedLongProperty("rocksdb.num-entries-imm-mem-tables");
    }

    @Test
    void everythingIsInFilesAfterwards() throws RocksDBException {
        put(ColumnFamily.RECORDS);
        put(ColumnFamily.PROVIDERS);
        assertThat(entriesInMemory()).isEqualTo(2);
        flush.run(DiskWait.start());
        assertThat(entriesInMemory()).isZero();
    }

    @Test
    void aFlushThatMakesNoProgressFailsAtTheLimit() throws RocksDBException {
        put(ColumnFamily.RECORDS);
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
        try (FileFlush delayed = new FileFlush(db, handles, () -> refusals.getAndDecrement() <= 0)) {
            delayed.run(DiskWait.start());
        }
        assertThat(refusals).hasValue(-1);
        try (FileFlush refused = new FileFlush(db, handles, () -> false)) {
            assertThatExceptionOfType(RocksDBException.class)
                    .isThrownBy(() -> refused.run(new DiskWait(Duration.ofMillis(300), System::nanoTime)))
                    .withMessage(BatchWriter.STALLED);
        }
    }
}
