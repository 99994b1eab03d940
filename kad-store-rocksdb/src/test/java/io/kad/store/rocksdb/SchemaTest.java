package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.OTHER;
import static io.kad.store.rocksdb.StoreFixture.SELF;
import static io.kad.store.rocksdb.StoreFixture.foreign;
import static io.kad.store.rocksdb.StoreFixture.own;
import static io.kad.store.rocksdb.StoreFixture.provider;
import static io.kad.store.rocksdb.StoreFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.spi.ProviderStore;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/** Databases of other versions. */
class SchemaTest {

    @TempDir
    private Path directory;

    private StoreFixture stores;

    @BeforeEach
    void place() {
        stores = new StoreFixture(directory);
    }

    /** Changes the database without our code. */
    private interface RawChange {
        void of(RocksDB db, List<ColumnFamilyHandle> families) throws Exception;
    }

    private void raw(RawChange change) throws Exception {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (Family family : Family.values()) {
            descriptors.add(new ColumnFamilyDescriptor(family.bytes()));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                RocksDB db = RocksDB.open(options, stores.database().toString(), descriptors, handles)) {
            change.of(db, handles);
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    @Test
    void aNewerVersionIsRefusedAndLeftAlone() throws Exception {
        stores.records().close();
        raw((db, families) -> db.put(families.get(0), ascii("schema"), number(3)));
        assertThatThrownBy(stores::records)
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining("written by a newer version of kad")
                .hasMessageContaining("schema 3");
        raw((db, families) -> {
            assertThat(db.get(families.get(0), ascii("schema"))).isEqualTo(number(3));
            db.put(families.get(0), ascii("schema"), number(2));
        });
        stores.records().close();
    }

    @Test
    void versionOneIsBroughtUpToDate() throws Exception {
        PeerId third = PeerId.fromPublicKey(Bytes.utf8("third"));
        try (RecordStore records = stores.records();
                ProviderStore providers = stores.providers()) {
            for (int i = 0; i < 5; i++) {
                put(records, own(i));
                put(records, foreign(10 + i));
                providers.add(provider(i, OTHER));
                providers.add(provider(i, SELF));
            }
            providers.add(provider(0, third));
            put(records, foreign(20));
        }
        raw((db, families) -> {
            db.put(families.get(0), ascii("schema"), number(1));
            db.delete(families.get(0), ascii("counters"));
            ColumnFamilyHandle counts = families.get(List.of(Family.values()).indexOf(Family.PROVIDER_COUNTS));
            try (RocksIterator all = db.newIterator(counts)) {
                for (all.seekToFirst(); all.isValid(); all.next()) {
                    db.delete(counts, all.key());
                }
            }
        });
        String[] limits = {
            "max-records", "7", "max-own-records", "6", "max-providers-per-key", "2", "max-providers", "100"
        };
        try (RecordStore records = stores.records(limits);
                ProviderStore providers = stores.providers(limits)) {
            assertThat(records.size()).isEqualTo(11);
            assertThat(providers.size()).isEqualTo(11);
            assertThat(providers.statistics()).containsEntry("own-providers", 5L);
            put(records, own(5));
            assertThatThrownBy(() -> put(records, own(6))).isInstanceOf(StoreException.Full.class);
            put(records, foreign(21));
            assertThat(records.size()).isEqualTo(13);
            providers.add(provider(1, third));
            PeerId fourth = PeerId.fromPublicKey(Bytes.utf8("fourth"));
            assertThatThrownBy(() -> providers.add(provider(0, fourth))).isInstanceOf(StoreException.Full.class);
            providers.add(provider(30, fourth));
            assertThat(providers.providers(StoreFixture.key(0), 10))
                    .containsExactly(provider(0, OTHER), provider(0, SELF), provider(0, third));
            assertThat(providers.providers(StoreFixture.key(30), 10)).containsExactly(provider(30, fourth));
        }
        raw((db, families) ->
                assertThat(db.get(families.get(0), ascii("schema"))).isEqualTo(number(2)));
    }
}
