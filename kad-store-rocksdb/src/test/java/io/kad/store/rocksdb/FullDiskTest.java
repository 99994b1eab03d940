package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.put;
import static io.kad.store.rocksdb.StoreFixture.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kad.api.id.Bytes;
import io.kad.api.record.Record;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Full and read-only disks. The timeout uses a separate thread, because a hanging write in native code can't be interrupted. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskTest {

    private static final int MANY = 100_000;
    /** RocksDB reserves about 1 MiB for each file that it is writing, so that a flush of all column families needs 13 MiB at first. */
    private static final String SMALL_DISK = "size=48m";

    private static final String LARGE_DISK = "size=128m";
    private static final String[] SMALL = {"write-buffer-bytes", "1048576", "max-log-bytes", "1048576", "sync", "all"};

    @TempDir
    private Path directory;

    /** The first database of a process writes the native library beside its files, and a disk with that in use cannot be unmounted. */
    @BeforeAll
    static void loadTheNativeLibrary(@TempDir Path other) throws Exception {
        new StoreFixture(other).records().close();
    }

    private static Record large(int number) {
        byte[] value = new byte[10_000];
        new Random(number).nextBytes(value);
        return Record.of(StoreFixture.key(number), Bytes.of(value)).withPublisher(StoreFixture.SELF);
    }

    /** Writes until a write fails, and returns the number of stored records. */
    private static int fill(RecordStore store) {
        for (int i = 0; i < MANY; i++) {
            try {
                put(store, large(i));
            } catch (StoreException.Failed e) {
                assertThat(e).hasMessageContaining("disk full");
                return i;
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("the disk must be full after " + MANY + " records");
    }

    private static List<Record> written(int count) {
        return IntStream.range(0, count).mapToObj(FullDiskTest::large).toList();
    }

    @Test
    void aStoreAtItsDiskLimitReportsItAndKeepsItsRecords() throws Exception {
        StoreFixture stores = new StoreFixture(directory);
        int count;
        try (RecordStore store = stores.records(with("max-disk-bytes", "8388608"))) {
            count = fill(store);
            assertThat(count).isGreaterThan(200);
            assertThat(stored(store, 0, count)).isEqualTo(written(count));
        }
        try (RecordStore store = stores.records()) {
            assertThat(stored(store, 0, count)).isEqualTo(written(count));
            put(store, large(MANY));
        }
    }

    /** RocksDB's recovery from its own limit used the database after it was closed, which ended the process in one of a hundred runs. */
    @RepeatedTest(20)
    void aStoreThatIsClosedAtItsDiskLimitKeepsItsRecords(RepetitionInfo run) throws Exception {
        StoreFixture stores = new StoreFixture(directory);
        String limit = Integer.toString(1_500_000 + 100_000 * run.getCurrentRepetition());
        int count;
        try (RecordStore store = stores.records(with("max-disk-bytes", limit))) {
            count = fill(store);
            assertThat(store.statistics()).containsEntry("rocksdb-background-errors", 0L);
        }
        try (RecordStore store = stores.records()) {
            assertThat(stored(store, 0, count)).isEqualTo(written(count));
        }
    }

    @Test
    void aStoreAtItsDiskLimitStillRemovesRecords() throws Exception {
        StoreFixture stores = new StoreFixture(directory);
        try (RecordStore store = stores.records(with("max-disk-bytes", "2000000"))) {
            int count = fill(store);
            store.update(StoreFixture.key(0), stored -> Optional.empty());
            assertThat(store.size()).isEqualTo(count - 1);
        }
    }

    private static String[] with(String option, String value) {
        String[] all = Arrays.copyOf(SMALL, SMALL.length + 2);
        all[SMALL.length] = option;
        all[SMALL.length + 1] = value;
        return all;
    }

    @Test
    void aFullDiskIsReportedAndAcknowledgedRecordsAreKept() throws Exception {
        try (Mount disk = Mount.of(directory, SMALL_DISK)) {
            StoreFixture stores = new StoreFixture(disk.path());
            int count;
            try (RecordStore store = stores.records(SMALL)) {
                count = fill(store);
                assertThat(count).isGreaterThan(200);
                assertThat(stored(store, 0, count)).isEqualTo(written(count));
            }
            disk.remount(LARGE_DISK);
            try (RecordStore store = stores.records(SMALL)) {
                assertThat(stored(store, 0, count)).isEqualTo(written(count));
                // the record whose write failed may be in the log
                assertThat(store.size()).isBetween((long) count, count + 1L);
                put(store, large(MANY));
            }
        }
    }

    @Test
    void writesResumeOnceThereIsSpace() throws Exception {
        try (Mount disk = Mount.of(directory, SMALL_DISK)) {
            StoreFixture stores = new StoreFixture(disk.path());
            try (RecordStore store = stores.records(SMALL)) {
                int count = fill(store);
                disk.remount(LARGE_DISK);
                await().atMost(Duration.ofSeconds(40))
                        .ignoreExceptionsInstanceOf(StoreException.Failed.class)
                        .until(() -> {
                            put(store, large(MANY));
                            return true;
                        });
                assertThat(store.get(StoreFixture.key(MANY))).contains(large(MANY));
                assertThat(stored(store, 0, count)).isEqualTo(written(count));
            }
        }
    }

    @Test
    void aReadOnlyDiskIsReported() throws Exception {
        try (Mount disk = Mount.of(directory, "size=16m")) {
            StoreFixture stores = new StoreFixture(disk.path());
            try (RecordStore store = stores.records()) {
                put(store, StoreFixture.local(1));
            }
            disk.remount("ro");
            assertThatThrownBy(stores::records)
                    .isInstanceOf(StoreException.Failed.class)
                    .hasMessageContaining(stores.database().toString())
                    .hasMessageContaining("not writable");
        }
    }

    /** Small disk in memory. Aborts the test if the process has no permission to mount one. */
    private record Mount(Path path) implements AutoCloseable {

        static Mount of(Path directory, String options) throws Exception {
            Path path = Files.createDirectory(directory.resolve("disk"));
            assumeTrue(
                    run("mount", "-t", "tmpfs", "-o", options, "kad-test", path.toString()), "no permission to mount");
            return new Mount(path);
        }

        void remount(String options) throws IOException {
            assertThat(run("mount", "-o", "remount," + options, path.toString()))
                    .isTrue();
        }

        @Override
        public void close() throws IOException {
            assertThat(run("umount", path.toString())).isTrue();
        }

        private static boolean run(String... command) throws IOException {
            try {
                return new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }
}
