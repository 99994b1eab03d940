package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.OTHER;
import static io.kad.store.rocksdb.StoreFixture.SELF;
import static io.kad.store.rocksdb.StoreFixture.remote;
import static io.kad.store.rocksdb.StoreFixture.stored;
import static io.kad.store.rocksdb.StoreFixture.local;
import static io.kad.store.rocksdb.StoreFixture.provider;
import static io.kad.store.rocksdb.StoreFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the stores in RocksDB do beyond the contract. */
class RocksStoresTest {

    @TempDir
    private Path directory;

    private StoreFixture stores;

    @BeforeEach
    void place() {
        stores = new StoreFixture(directory);
    }

    private static long syncs(RecordStore store) throws StoreException {
        return store.statistics().get("rocksdb-wal-syncs");
    }

    @Test
    void eachOwnWriteIsSyncedAndNoOther() throws Exception {
        try (RecordStore records = stores.records();
                ProviderStore providers = stores.providers()) {
            for (int i = 0; i < 10; i++) {
                long before = syncs(records);
                put(records, remote(100 + i));
                providers.add(provider(i, OTHER));
                assertThat(syncs(records)).isEqualTo(before);
                put(records, local(i));
                assertThat(syncs(records)).isEqualTo(before + 1);
                providers.add(provider(i, SELF));
                assertThat(syncs(records)).isEqualTo(before + 2);
                records.update(StoreFixture.key(i), record -> record);
                assertThat(syncs(records)).as("nothing changed").isEqualTo(before + 2);
                records.update(StoreFixture.key(i), record -> Optional.empty());
                assertThat(syncs(records)).as("a removal").isEqualTo(before + 3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"all,2", "own,1", "none,0"})
    void whatIsSyncedIsAnOption(String sync, int expected) throws Exception {
        try (RecordStore store = stores.records("sync", sync)) {
            long before = syncs(store);
            put(store, remote(1));
            put(store, local(2));
            assertThat(syncs(store) - before).isEqualTo(expected);
        }
    }

    @Test
    void aBatchIsSyncedOnce() throws Exception {
        try (RecordStore store = stores.records()) {
            long before = syncs(store);
            List<io.kad.api.spi.store.RecordChange> changes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                changes.add(io.kad.api.spi.store.RecordChange.put(local(i)));
            }
            store.updateAll(changes);
            assertThat(syncs(store)).isEqualTo(before + 1);
            assertThat(stored(store, 0, 100)).hasSize(100);
        }
    }

    /** What a republication of everything reads. */
    @Test
    void manyOwnKeysArePagedOverOnceEach() throws Exception {
        int count = 50_000;
        try (ProviderStore store = stores.providers("sync", "none")) {
            for (int from = 0; from < count; from += 1000) {
                store.addAll(IntStream.range(from, from + 1000)
                        .mapToObj(i -> provider(i, SELF))
                        .toList());
            }
            BitSet seen = new BitSet(count);
            Optional<Bytes> cursor = Optional.empty();
            do {
                Page<ProviderRecord> page = store.localPage(cursor, 64);
                assertThat(page.items()).hasSizeLessThanOrEqualTo(64);
                for (ProviderRecord record : page.items()) {
                    String key = record.key().bytes().utf8().orElseThrow();
                    int number = Integer.parseInt(key.substring("/test/".length()));
                    assertThat(seen.get(number)).isFalse();
                    seen.set(number);
                }
                cursor = page.next();
            } while (cursor.isPresent());
            assertThat(seen.cardinality()).isEqualTo(count);
        }
    }

    @Test
    void theStatisticsNameWhatMatters() throws Exception {
        try (RecordStore records = stores.records();
                ProviderStore providers = stores.providers()) {
            put(records, local(1));
            put(records, remote(2));
            providers.add(provider(1, OTHER));
            assertThat(records.statistics())
                    .containsEntry("records", 2L)
                    .containsEntry("own-records", 1L)
                    .containsEntry("displaced", 0L)
                    .containsKeys(
                            "rocksdb-block-cache-usage",
                            "rocksdb-cur-size-all-mem-tables",
                            "rocksdb-total-sst-files-size",
                            "rocksdb-background-errors",
                            "rocksdb-cache-hits");
            assertThat(records.statistics().get("rocksdb-bytes-written")).isPositive();
            assertThat(providers.statistics()).containsEntry("providers", 1L).containsEntry("own-providers", 0L);
        }
    }

    /** A clock that is set a day ahead and back again: what left is gone, the rest is there, and nothing expired is shown. */
    @Test
    void aClockThatStepsADayForwardAndBack() throws Exception {
        Record hour = remote(1).withExpires(Optional.of(stores.now().plus(Duration.ofHours(1))));
        Record swept = remote(2).withExpires(Optional.of(stores.now().plus(Duration.ofMinutes(1))));
        Record week = local(3).withExpires(Optional.of(stores.now().plus(Duration.ofDays(7))));
        try (RecordStore store = stores.records()) {
            put(store, hour);
            put(store, swept);
            put(store, week);
            stores.advance(Duration.ofDays(1));
            assertThat(stored(store, 0, 10)).containsExactly(week);
            assertThat(store.removeExpired(1)).as("the longest expired first").isEqualTo(1);
            stores.advance(Duration.ofDays(-1));
            assertThat(stored(store, 0, 10)).containsExactly(hour, week);
            assertThat(store.removeExpired(10)).isZero();
            stores.advance(Duration.ofDays(-1));
            assertThat(stored(store, 0, 10)).containsExactly(hour, week);
            put(store, swept);
            assertThat(store.size()).isEqualTo(3);
        }
        stores.advance(Duration.ofDays(9));
        try (RecordStore store = stores.records()) {
            assertThat(stored(store, 0, 10)).isEmpty();
            assertThat(store.removeExpired(10)).isEqualTo(3);
            assertThat(store.size()).isZero();
        }
    }

    @Test
    void aPeerThatIsNamedNoLongerLosesItsNumberAndGetsANewOne() throws Exception {
        try (ProviderStore store = stores.providers()) {
            for (int round = 0; round < 50; round++) {
                PeerId peer = PeerId.fromPublicKey(Bytes.utf8("peer " + round % 3));
                store.add(provider(1, peer));
                store.add(provider(2, peer));
                assertThat(store.providers(StoreFixture.key(1), 5)).containsExactly(provider(1, peer));
                assertThat(store.remove(StoreFixture.key(1), peer)).isTrue();
                assertThat(store.providers(StoreFixture.key(2), 5)).containsExactly(provider(2, peer));
                assertThat(store.remove(StoreFixture.key(2), peer)).isTrue();
            }
            assertThat(store.size()).isZero();
        }
    }

    /** Few providers of a key are listed where they are counted, many are not; what is held must not depend on that. */
    @Test
    void aKeyMayHaveFewAndManyProvidersByTurns() throws Exception {
        Random random = new Random(5);
        Set<Integer> expected = new TreeSet<>();
        try (ProviderStore store = stores.providers("max-providers-per-key", "40")) {
            for (int step = 0; step < 3000; step++) {
                // by turns up to a full key, and down to an empty one
                boolean growing = step / 250 % 2 == 0;
                int number = random.nextInt(60);
                PeerId peer = PeerId.fromPublicKey(Bytes.utf8("peer " + number));
                if (random.nextInt(4) > 0 == growing) {
                    add(store, peer, expected, number);
                } else {
                    assertThat(store.remove(StoreFixture.key(1), peer)).isEqualTo(expected.remove(number));
                }
                assertThat(store.size()).isEqualTo(expected.size());
            }
            assertThat(store.providers(StoreFixture.key(1), 100)).hasSize(expected.size());
        }
    }

    private static void add(ProviderStore store, PeerId peer, Set<Integer> expected, int number) throws StoreException {
        if (expected.size() == 40 && !expected.contains(number)) {
            assertThatThrownBy(() -> store.add(provider(1, peer))).isInstanceOf(StoreException.Full.class);
        } else {
            store.add(provider(1, peer));
            expected.add(number);
        }
    }

    /** The native code must not be used after it is closed: that would end the process. */
    @Test
    void closingWaitsForWhoUsesTheStore() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 5; round++) {
                RecordStore store = stores.records();
                CountDownLatch busy = new CountDownLatch(4);
                List<Future<StoreException>> users = new ArrayList<>();
                for (int user = 0; user < 4; user++) {
                    int number = user;
                    users.add(executor.submit(() -> useUntilClosed(store, number, busy)));
                }
                assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
                store.close();
                for (Future<StoreException> user : users) {
                    assertThat(user.get(30, TimeUnit.SECONDS)).isInstanceOf(StoreException.Closed.class);
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static StoreException useUntilClosed(RecordStore store, int user, CountDownLatch busy) {
        int calls = 0;
        while (true) {
            try {
                put(store, remote(1000 * user + calls % 100));
                store.page(Optional.empty(), 20);
                if (++calls == 20) {
                    busy.countDown();
                }
            } catch (StoreException ended) {
                return ended;
            }
        }
    }

    @Test
    void theTwoStoresShareADatabaseAndEndApart() throws Exception {
        RecordStore records = stores.records();
        ProviderStore providers = stores.providers();
        put(records, local(1));
        records.close();
        assertThatThrownBy(() -> records.get(StoreFixture.key(1))).isInstanceOf(StoreException.Closed.class);
        providers.add(provider(1, SELF));
        RecordStore again = stores.records();
        assertThat(again.get(StoreFixture.key(1))).contains(local(1));
        providers.close();
        again.close();
        try (ProviderStore later = stores.providers()) {
            assertThat(later.providers(StoreFixture.key(1), 5)).hasSize(1);
        }
    }

    @Test
    void everyWrongOptionIsNamedInOneLine() {
        assertThatThrownBy(() ->
                        stores.records("sync", "sometimes", "recovery", "no", "max-records", "-1", "nonsense", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rocksdb.sync is own or all or none, not 'sometimes'")
                .hasMessageContaining("rocksdb.recovery is strict or salvage, not 'no'")
                .hasMessageContaining("rocksdb.max-records is a whole number from 0 to")
                .hasMessageContaining("'rocksdb.nonsense' is not an option")
                .hasMessageNotContaining("\n");
        assertThat(stores.database()).doesNotExist();
    }

    @Test
    void thereAreNoneWithoutADataDirectory() {
        SpiContext context = new SpiContext(SELF, stores::now, Optional.empty(), Map.of(), Runnable::run);
        assertThat(new RocksRecordStoreProvider().unavailable(context)).isPresent();
        assertThat(new RocksProviderStoreProvider().unavailable(context)).isPresent();
        assertThatThrownBy(() -> new RocksRecordStoreProvider().create(context))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
