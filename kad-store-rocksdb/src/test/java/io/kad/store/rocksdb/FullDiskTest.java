package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.stored;
import static io.kad.store.rocksdb.StoreFixture.put;
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
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, or may not be written. A write that waited for ever would be in native code, which nothing interrupts. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskTest {

    private static final int MANY = 100_000;
    private static final String[] SMALL = {"write-buffer-bytes", "1048576", "max-log-bytes", "1048576", "sync", "all"};

    @TempDir
    private Path directory;

    private static Record large(int number) {
        byte[] value = new byte[10_000];
        new Random(number).nextBytes(value);
        return Record.of(StoreFixture.key(number), Bytes.of(value)).withPublisher(StoreFixture.SELF);
    }

    /** Writes until a write fails, and returns how many did not. */
    private static int fill(RecordStore store) {
        for (int i = 0; i < MANY; i++) {
            try {
                put(store, large(i));
            } catch (StoreException.Failed full) {
                assertThat(full).hasMessageContaining("the disk is full");
                return i;
            } catch (StoreException other) {
                throw new AssertionError(other);
            }
        }
        throw new AssertionError("the disk is never full");
    }

    private static List<Record> written(int count) {
        return IntStream.range(0, count).mapToObj(FullDiskTest::large).toList();
    }

    @Test
    void aStoreThatTakesAllItMaySaysSoAndKeepsWhatItTook() throws Exception {
        StoreFixture stores = new StoreFixture(directory);
        int taken;
        try (RecordStore store = stores.records(with("max-disk-bytes", "8388608"))) {
            taken = fill(store);
            assertThat(taken).isGreaterThan(200);
            assertThat(stored(store, 0, taken)).isEqualTo(written(taken));
        }
        try (RecordStore store = stores.records()) {
            assertThat(stored(store, 0, taken)).isEqualTo(written(taken));
            put(store, large(MANY));
        }
    }

    private static String[] with(String option, String value) {
        String[] all = Arrays.copyOf(SMALL, SMALL.length + 2);
        all[SMALL.length] = option;
        all[SMALL.length + 1] = value;
        return all;
    }

    @Test
    void aDiskThatIsFullIsToldAndWhatWasAcknowledgedIsThere() throws Exception {
        try (Mount disk = Mount.of(directory, "size=16m")) {
            StoreFixture stores = new StoreFixture(disk.place());
            int taken;
            try (RecordStore store = stores.records(SMALL)) {
                taken = fill(store);
                assertThat(taken).isGreaterThan(200);
                assertThat(stored(store, 0, taken)).isEqualTo(written(taken));
            }
            disk.remount("size=64m");
            try (RecordStore store = stores.records(SMALL)) {
                assertThat(stored(store, 0, taken)).isEqualTo(written(taken));
                // the one that failed may have got as far as the log
                assertThat(store.size()).isBetween((long) taken, taken + 1L);
                put(store, large(MANY));
            }
        }
    }

    @Test
    void aStoreGoesOnOnceThereIsRoom() throws Exception {
        try (Mount disk = Mount.of(directory, "size=16m")) {
            StoreFixture stores = new StoreFixture(disk.place());
            try (RecordStore store = stores.records(SMALL)) {
                int taken = fill(store);
                disk.remount("size=64m");
                await().atMost(Duration.ofSeconds(40))
                        .ignoreExceptionsInstanceOf(StoreException.Failed.class)
                        .until(() -> {
                            put(store, large(MANY));
                            return true;
                        });
                assertThat(store.get(StoreFixture.key(MANY))).contains(large(MANY));
                assertThat(stored(store, 0, taken)).isEqualTo(written(taken));
            }
        }
    }

    @Test
    void aDiskThatMayNotBeWrittenIsTold() throws Exception {
        try (Mount disk = Mount.of(directory, "size=16m")) {
            StoreFixture stores = new StoreFixture(disk.place());
            try (RecordStore store = stores.records()) {
                put(store, StoreFixture.local(1));
            }
            disk.remount("ro");
            assertThatThrownBy(stores::records)
                    .isInstanceOf(StoreException.Failed.class)
                    .hasMessageContaining(stores.database().toString())
                    .hasMessageContaining("may not be written");
        }
    }

    /** A small disk in memory; tests without the right to have one end here. */
    private record Mount(Path place) implements AutoCloseable {

        static Mount of(Path directory, String options) throws Exception {
            Path place = Files.createDirectory(directory.resolve("disk"));
            assumeTrue(run("mount", "-t", "tmpfs", "-o", options, "kad-test", place.toString()), "no right to mount");
            return new Mount(place);
        }

        void remount(String options) throws IOException {
            assertThat(run("mount", "-o", "remount," + options, place.toString()))
                    .isTrue();
        }

        @Override
        public void close() throws IOException {
            assertThat(run("umount", place.toString())).isTrue();
        }

        private static boolean run(String... command) throws IOException {
            try {
                return new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException(interrupted);
            }
        }
    }
}
