package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.OTHER;
import static io.kad.store.rocksdb.StoreFixture.SELF;
import static io.kad.store.rocksdb.StoreFixture.local;
import static io.kad.store.rocksdb.StoreFixture.provider;
import static io.kad.store.rocksdb.StoreFixture.put;
import static io.kad.store.rocksdb.StoreFixture.remote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.store.rocksdb.database.ColumnFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/** Databases of other schemas: refusal and migration. */
class SchemaTest {

    /** The column families with peer numbers. Repeated here, because the progress of an interrupted migration depends on the order. */
    private static final List<ColumnFamily> MIGRATED = List.of(
            ColumnFamily.PEERS,
            ColumnFamily.PEER_NUMBERS,
            ColumnFamily.RECORDS,
            ColumnFamily.PROVIDERS,
            ColumnFamily.PROVIDER_KEYS,
            ColumnFamily.PROVIDER_COUNTS);

    @TempDir
    private Path directory;

    private StoreFixture stores;

    @BeforeEach
    void createStores() {
        stores = new StoreFixture(directory);
    }

    /** Change of the database that bypasses the store. */
    private interface RawChange {
        void of(RocksDB db, List<ColumnFamilyHandle> families) throws Exception;
    }

    private void raw(RawChange change) throws Exception {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (ColumnFamily family : ColumnFamily.values()) {
            descriptors.add(new ColumnFamilyDescriptor(family.bytes()));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                RocksDB db = RocksDB.open(options, stores.database().toString(), descriptors, handles)) {
            change.of(db, handles);
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    /** Returns the handle of a column family; handles are in the order of the enum. */
    private static ColumnFamilyHandle handle(List<ColumnFamilyHandle> families, ColumnFamily family) {
        return families.get(List.of(ColumnFamily.values()).indexOf(family));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    @Test
    void aNewerVersionIsRefusedAndNotChanged() throws Exception {
        stores.records().close();
        raw((db, families) -> db.put(families.get(0), ascii("schema"), number(5)));
        assertThatThrownBy(stores::records)
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining("written by a newer version of kad")
                .hasMessageContaining("schema must be at most 4, got 5");
        raw((db, families) -> {
            assertThat(db.get(families.get(0), ascii("schema"))).isEqualTo(number(5));
            db.put(families.get(0), ascii("schema"), number(4));
        });
        stores.records().close();
    }

    @Test
    void aNewerVersionWithAnotherColumnFamilyIsRefusedAndNotChanged() throws Exception {
        stores.records().close();
        raw((db, families) -> {
            db.put(families.get(0), ascii("schema"), number(5));
            db.createColumnFamily(new ColumnFamilyDescriptor(ascii("of-the-future")))
                    .close();
        });
        assertThatThrownBy(stores::records)
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining("written by a newer version of kad")
                .hasMessageContaining("of-the-future");
        try (Options options = new Options()) {
            assertThat(RocksDB.listColumnFamilies(options, stores.database().toString()))
                    .hasSize(ColumnFamily.values().length + 1);
        }
    }

    @Test
    void aPreReleaseVersionIsRefused() throws Exception {
        stores.records().close();
        raw((db, families) -> db.put(families.get(0), ascii("schema"), number(1)));
        assertThatThrownBy(stores::records)
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining("unsupported pre-release schema 1 in " + stores.database());
    }

    /** Fills the stores with more peers and records than the migration writes in one batch. */
    private void fill() throws StoreException {
        try (RecordStore records = stores.records();
                ProviderStore providers = stores.providers()) {
            for (int i = 0; i < 1500; i++) {
                put(records, remote(i));
                providers.add(provider(i % 100, PeerId.fromPublicKey(Bytes.utf8("peer " + i))));
            }
            for (int i = 0; i < 5; i++) {
                put(records, local(2000 + i));
                providers.add(provider(i, SELF));
                providers.add(provider(i, OTHER));
            }
            put(
                    records,
                    new Record(
                            StoreFixture.key(3000),
                            Bytes.utf8("without publisher"),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }
    }

    private Map<List<Bytes>, Bytes> content() throws Exception {
        Map<List<Bytes>, Bytes> content = new HashMap<>();
        raw((db, families) -> {
            for (ColumnFamily family : ColumnFamily.values()) {
                try (RocksIterator all = db.newIterator(handle(families, family))) {
                    for (all.seekToFirst(); all.isValid(); all.next()) {
                        content.put(List.of(Bytes.of(family.bytes()), Bytes.of(all.key())), Bytes.of(all.value()));
                    }
                }
            }
        });
        return content;
    }

    /** Rewrites the peer numbers in the {@code narrowed} column families as schema 2 has them. */
    private static void narrow(RocksDB db, List<ColumnFamilyHandle> families, List<ColumnFamily> narrowed)
            throws Exception {
        for (ColumnFamily family : narrowed) {
            ColumnFamilyHandle handle = handle(families, family);
            try (RocksIterator all = db.newIterator(handle)) {
                for (all.seekToFirst(); all.isValid(); all.next()) {
                    narrow(db, handle, family, all.key(), all.value());
                }
            }
        }
        db.put(families.get(0), ascii("schema"), number(2));
    }

    private static void narrow(RocksDB db, ColumnFamilyHandle handle, ColumnFamily family, byte[] key, byte[] value)
            throws Exception {
        switch (family) {
            case PEER_NUMBERS, PROVIDER_KEYS -> {
                db.delete(handle, key);
                db.put(handle, without(key, 0), value);
            }
            case PEERS -> db.put(handle, key, without(value, 0));
            case PROVIDERS -> db.put(handle, key, without(value, 1));
            case RECORDS -> db.put(handle, key, (value[0] & 2) != 0 ? without(value, 1) : value);
            case PROVIDER_COUNTS -> {
                byte[] narrow = value;
                for (int at = 4; at < narrow.length; at += 4) {
                    narrow = without(narrow, at);
                }
                db.put(handle, key, narrow);
            }
            default -> throw new AssertionError(family);
        }
    }

    /** Returns {@code bytes} without the four bytes at a position, the leading zeros of a peer number. */
    private static byte[] without(byte[] bytes, int position) {
        byte[] fewer = Arrays.copyOf(bytes, bytes.length - 4);
        System.arraycopy(bytes, position + 4, fewer, position, fewer.length - position);
        return fewer;
    }

    @Test
    void schema2IsMigrated() throws Exception {
        fill();
        Map<List<Bytes>, Bytes> expected = content();
        raw((db, families) -> narrow(db, families, MIGRATED));
        assertThat(content()).isNotEqualTo(expected);
        try (RecordStore records = stores.records();
                ProviderStore providers = stores.providers()) {
            assertThat(records.size()).isEqualTo(1506);
            assertThat(providers.providers(StoreFixture.key(3), 100))
                    .hasSize(17)
                    .contains(provider(3, SELF), provider(3, OTHER));
        }
        assertThat(content()).isEqualTo(expected);
    }

    /** Schema 3 had no times of publication. */
    @Test
    void schema3IsOpenedAndKeepsItsRecords() throws Exception {
        Record old = remote(1);
        try (RecordStore records = stores.records()) {
            put(records, old);
        }
        raw((db, families) -> db.put(families.get(0), ascii("schema"), number(3)));
        Record later = remote(2).withPublished(Optional.of(PublicationTime.stated(Instant.ofEpochMilli(5))));
        try (RecordStore records = stores.records()) {
            assertThat(records.get(old.key())).contains(old);
            put(records, later);
        }
        raw((db, families) ->
                assertThat(db.get(families.get(0), ascii("schema"))).isEqualTo(number(4)));
        try (RecordStore records = stores.records()) {
            assertThat(records.get(old.key())).contains(old);
            assertThat(records.get(later.key())).contains(later);
        }
    }

    /** Simulates a crash after the first column families and a part of the next one were migrated. */
    @Test
    void anInterruptedMigrationContinues() throws Exception {
        fill();
        Map<List<Bytes>, Bytes> expected = content();
        for (ColumnFamily interrupted : MIGRATED) {
            int index = MIGRATED.indexOf(interrupted);
            raw((db, families) -> {
                narrow(db, families, MIGRATED.subList(index, MIGRATED.size()));
                ColumnFamilyHandle handle = handle(families, interrupted);
                byte[] last = {};
                try (RocksIterator all = db.newIterator(handle)) {
                    all.seekToFirst();
                    for (int i = 0; i < 50; i++, all.next()) {
                        last = all.key();
                        migrateEntry(db, handle, interrupted, last, expected);
                    }
                }
                byte[] mark = ByteBuffer.allocate(1 + last.length)
                        .put((byte) index)
                        .put(last)
                        .array();
                db.put(families.get(0), ascii("widened"), mark);
            });
            stores.records().close();
            assertThat(content()).isEqualTo(expected);
        }
    }

    private static void migrateEntry(
            RocksDB db, ColumnFamilyHandle handle, ColumnFamily family, byte[] narrow, Map<List<Bytes>, Bytes> wide)
            throws Exception {
        byte[] key = narrow;
        if (family == ColumnFamily.PEER_NUMBERS || family == ColumnFamily.PROVIDER_KEYS) {
            key = ByteBuffer.allocate(narrow.length + 4).putInt(0).put(narrow).array();
            db.delete(handle, narrow);
        }
        db.put(
                handle,
                key,
                wide.get(List.of(Bytes.of(family.bytes()), Bytes.of(key))).toArray());
    }
}
