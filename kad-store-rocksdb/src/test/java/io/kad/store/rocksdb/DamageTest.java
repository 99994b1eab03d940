package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.local;
import static io.kad.store.rocksdb.StoreFixture.provider;
import static io.kad.store.rocksdb.StoreFixture.put;
import static io.kad.store.rocksdb.StoreFixture.remote;
import static io.kad.store.rocksdb.StoreFixture.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that are corrupted, in use or of another peer, and truncated logs. */
class DamageTest {

    private static final int COUNT = 2000;

    @TempDir
    private Path directory;

    private StoreFixture stores;

    @BeforeEach
    void createStores() {
        stores = new StoreFixture(directory.resolve("data"));
    }

    private static void damage(Path file, long position) throws IOException {
        byte[] content = Files.readAllBytes(file);
        for (int i = 0; i < 16; i++) {
            content[(int) position + i] ^= (byte) 0x5a;
        }
        Files.write(file, content);
    }

    /** Writes enough records, and closes often enough, that they are in files. */
    private void fill() throws Exception {
        for (int round = 0; round < 2; round++) {
            try (RecordStore store = stores.records("sync", "none")) {
                for (int i = 0; i < COUNT; i++) {
                    put(store, remote(i));
                }
            }
        }
    }

    @Test
    void aDatabaseInUseIsReported() throws Exception {
        try (RecordStore user = stores.records()) {
            assertThatThrownBy(stores::records)
                    .isInstanceOf(StoreException.Failed.class)
                    .hasMessageContaining("cannot open " + stores.database() + ": in use");
            put(user, local(1));
            try (ProviderStore partner = stores.providers()) {
                partner.add(provider(1, StoreFixture.SELF));
            }
            assertThat(user.get(StoreFixture.key(1))).contains(local(1));
        }
        try (org.rocksdb.RocksDB otherProcess =
                org.rocksdb.RocksDB.openReadOnly(stores.database().toString())) {
            assertThat(otherProcess).isNotNull();
        }
    }

    @Test
    void aDatabaseOfAnotherPeerIsRefused() throws Exception {
        stores.records().close();
        PeerId stranger = PeerId.fromPublicKey(Bytes.utf8("stranger"));
        assertThatThrownBy(() -> new RocksRecordStoreProvider().create(stores.context(stranger)))
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining("it belongs to another peer, not to " + stranger);
        stores.records().close();
    }

    @Test
    void aCorruptedFileIsReportedAndNoWrongRecordIsReturned() throws Exception {
        fill();
        for (Path file : stores.files(".sst")) {
            damage(file, 32);
        }
        int failures = 0;
        try (RecordStore store = stores.records()) {
            for (int i = 0; i < COUNT; i++) {
                try {
                    assertThat(store.get(StoreFixture.key(i)).orElseThrow()).isEqualTo(remote(i));
                } catch (StoreException.Failed e) {
                    assertThat(e).hasMessageContaining("corrupted");
                    failures++;
                }
            }
        } catch (StoreException.Failed e) {
            assertThat(e).hasMessageContaining("corrupted");
            failures++;
        }
        assertThat(failures).isPositive();
    }

    @Test
    void aMissingFileIsReported() throws Exception {
        fill();
        for (Path file : stores.files(".sst")) {
            Files.delete(file);
        }
        assertThatThrownBy(stores::records)
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining(stores.database().toString());
    }

    @Test
    void aCorruptedIndexOfFilesIsReported() throws Exception {
        fill();
        Files.writeString(stores.database().resolve("CURRENT"), "nonsense");
        assertThatThrownBy(stores::records)
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining(": corrupted: ");
    }

    @Test
    void aCorruptedLogIsRefusedUnlessTheRestIsSalvaged() throws Exception {
        try (RecordStore store = stores.records()) {
            for (int i = 0; i < COUNT; i++) {
                put(store, remote(i));
            }
            StoreFixture copy = stores.copyTo(directory.resolve("copy"));
            Path log = copy.files(".log").get(copy.files(".log").size() - 1);
            damage(log, Files.size(log) / 2);
            assertThatThrownBy(copy::records)
                    .isInstanceOf(StoreException.Failed.class)
                    .hasMessageContaining(": corrupted: ");
            try (RecordStore rest = copy.records("recovery", "salvage")) {
                long left = rest.size();
                assertThat(left).isBetween(COUNT / 4L, COUNT * 3L / 4);
                assertThat(stored(rest, 0, COUNT)).hasSize((int) left).isEqualTo(stored(store, 0, (int) left));
            }
        }
    }

    /** A crashed machine may lose any unsynced tail of the log. Synced records must survive, and every change must be complete. */
    @Test
    void aLogTruncatedAfterTheLastSyncHoldsAllLocalRecords() throws Exception {
        Random random = new Random(7);
        try (RecordStore store = stores.records()) {
            for (int i = 0; i < 200; i++) {
                put(store, local(i));
            }
            Path log = stores.files(".log").get(0);
            long synced = Files.size(log);
            for (int i = 200; i < 400; i++) {
                put(store, remote(i));
            }
            byte[] whole = Files.readAllBytes(log);
            assertThat((long) whole.length).isGreaterThan(synced);
            for (int round = 0; round < 25; round++) {
                StoreFixture copy = stores.copyTo(directory.resolve("cut " + round));
                int end = (int) synced + random.nextInt(whole.length - (int) synced + 1);
                Files.write(copy.database().resolve(log.getFileName()), Arrays.copyOf(whole, end));
                try (RecordStore cut = copy.records()) {
                    assertThat(stored(cut, 0, 200)).hasSize(200);
                    int rest = stored(cut, 200, 400).size();
                    assertThat(stored(cut, 200, 200 + rest))
                            .as("the first remote records")
                            .hasSize(rest);
                    assertThat(cut.size()).isEqualTo(200L + rest);
                    assertThat(cut.localPage(Optional.empty(), 1000).items()).hasSize(200);
                }
            }
        }
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsReported() throws Exception {
        Files.writeString(directory.resolve("data"), "a file");
        assertThatThrownBy(stores::records)
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining(stores.database().toString());
    }

    @Test
    void aFailureToOpenLeavesNothingLocked() throws Exception {
        stores.records().close();
        byte[] current = Files.readAllBytes(stores.database().resolve("CURRENT"));
        Files.writeString(stores.database().resolve("CURRENT"), "nonsense");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(stores::records).isInstanceOf(StoreException.Failed.class);
        }
        Files.write(stores.database().resolve("CURRENT"), current);
        try (RecordStore store = stores.records()) {
            put(store, local(1));
            assertThat(stored(store, 0, 10)).isEqualTo(List.of(local(1)));
        }
    }
}
