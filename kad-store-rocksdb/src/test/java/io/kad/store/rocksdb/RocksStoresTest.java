package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.OTHER;
import static io.kad.store.rocksdb.StoreFixture.SELF;
import static io.kad.store.rocksdb.StoreFixture.local;
import static io.kad.store.rocksdb.StoreFixture.provider;
import static io.kad.store.rocksdb.StoreFixture.put;
import static io.kad.store.rocksdb.StoreFixture.remote;
import static io.kad.store.rocksdb.StoreFixture.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the RocksDB stores beyond the contract of the SPI. */
class RocksStoresTest {

    @TempDir
    private Path directory;

    private StoreFixture stores;

    @BeforeEach
    void createStores() {
        stores = new StoreFixture(directory);
    }

    private static long syncs(RecordStore store) throws StoreException {
        return store.statistics().get("rocksdb-wal-syncs");
    }

    @Test
    void onlyWritesOfLocalRecordsAreSynced() throws Exception {
        try (RecordStore records = stores.records();
                ProviderStore providers = stores.providers()) {
            for (int i = 0; i < 10; i++) {
                long syncsBefore = syncs(records);
                put(records, remote(100 + i));
                providers.add(provider(i, OTHER));
                assertThat(syncs(records)).isEqualTo(syncsBefore);
                put(records, local(i));
                assertThat(syncs(records)).isEqualTo(syncsBefore + 1);
                providers.add(provider(i, SELF));
                assertThat(syncs(records)).isEqualTo(syncsBefore + 2);
                records.update(StoreFixture.key(i), record -> record);
                assertThat(syncs(records)).as("nothing changed").isEqualTo(syncsBefore + 2);
                records.update(StoreFixture.key(i), record -> Optional.empty());
                assertThat(syncs(records)).as("a removal").isEqualTo(syncsBefore + 3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"all,2", "own,1", "none,0"})
    void theSyncOptionSelectsTheSyncedWrites(String sync, int expected) throws Exception {
        try (RecordStore store = stores.records("sync", sync)) {
            long syncsBefore = syncs(store);
            put(store, remote(1));
            put(store, local(2));
            assertThat(syncs(store) - syncsBefore).isEqualTo(expected);
        }
    }

    @Test
    void aBatchIsSyncedOnce() throws Exception {
        try (RecordStore store = stores.records()) {
            long syncsBefore = syncs(store);
            List<RecordChange> changes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                changes.add(RecordChange.put(local(i)));
            }
            store.updateAll(changes);
            assertThat(syncs(store)).isEqualTo(syncsBefore + 1);
            assertThat(stored(store, 0, 100)).hasSize(100);
        }
    }

    /** Reads all pages, as a republish of all local records does. */
    @Test
    void pagesHoldEachOfManyLocalKeysOnce() throws Exception {
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
    void theStatisticsHoldTheMetricsOfStoreAndDatabase() throws Exception {
        try (RecordStore records = stores.records();
                ProviderStore providers = stores.providers()) {
            put(records, local(1));
            put(records, remote(2));
            providers.add(provider(1, OTHER));
            assertThat(records.statistics())
                    .containsEntry("records", 2L)
                    .containsEntry("local-records", 1L)
                    .containsEntry("evictions", 0L)
                    .containsKeys(
                            "rocksdb-block-cache-usage",
                            "rocksdb-cur-size-all-mem-tables",
                            "rocksdb-total-sst-files-size",
                            "rocksdb-background-errors",
                            "rocksdb-cache-hits");
            assertThat(records.statistics().get("rocksdb-bytes-written")).isPositive();
            assertThat(providers.statistics()).containsEntry("providers", 1L).containsEntry("local-providers", 0L);
        }
    }

    /** A clock that is set a day forward and back: swept records stay removed, others remain, and no expired record is returned. */
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

    /** The clock is read between the entry and its publisher, so a write from there is one of another thread at that moment. */
    @Test
    void aRecordReplacedWhileItIsReadIsStillFound() throws Exception {
        Queue<Record> writes = new ArrayDeque<>();
        RecordStore[] written = new RecordStore[1];
        AtomicBoolean writing = new AtomicBoolean();
        SpiContext context = stores.context();
        InstantSource clock = () -> {
            if (!writes.isEmpty() && writing.compareAndSet(false, true)) {
                try {
                    put(written[0], writes.remove());
                } catch (StoreException e) {
                    throw new AssertionError(e);
                } finally {
                    writing.set(false);
                }
            }
            return stores.now();
        };
        try (RecordStore store = new RocksRecordStoreProvider()
                .create(new SpiContext(SELF, clock, context.dataDirectory(), context.options(), context.executor()))) {
            written[0] = store;
            put(store, remote(1));
            Record second = remote(1).withPublisher(PeerId.fromPublicKey(Bytes.utf8("second")));
            Record third = remote(1).withPublisher(PeerId.fromPublicKey(Bytes.utf8("third")));
            writes.addAll(List.of(second, third));
            assertThat(store.get(StoreFixture.key(1))).contains(third);
            writes.add(second);
            assertThat(store.page(Optional.empty(), 10).items()).containsExactly(second);
            put(store, local(1));
            writes.add(third);
            assertThat(store.localPage(Optional.empty(), 10).items()).isEmpty();
        }
    }

    @Test
    void aPeerWithoutReferencesLosesItsNumberAndGetsANewOne() throws Exception {
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

    /** Few providers of a key are listed with their count, many are not; the content must not depend on that. */
    @Test
    void theListOfProvidersOfAKeyShrinksAndGrows() throws Exception {
        Random random = new Random(5);
        Set<Integer> expected = new LinkedHashSet<>();
        try (ProviderStore store = stores.providers("max-providers-per-key", "40")) {
            for (int step = 0; step < 3000; step++) {
                // alternately up to a full key and down to an empty one
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

    /** Adds a provider; the one that was renewed longest ago, which is the first that is expected, makes room. */
    private void add(ProviderStore store, PeerId peer, Set<Integer> expected, int number) throws StoreException {
        stores.advance(Duration.ofMillis(1));
        store.add(provider(1, peer));
        if (!expected.remove(number) && expected.size() == 40) {
            expected.remove(expected.iterator().next());
        }
        expected.add(number);
    }

    /** More records than a sample; four identities once filled a store, and everybody else was refused. */
    @Test
    void fourIdentitiesThatFillALargeStoreDoNotKeepOthersOut() throws Exception {
        int total = 5 * ProviderEvictions.SAMPLE;
        try (ProviderStore store = stores.providers("max-providers", String.valueOf(total))) {
            List<ProviderRecord> flood = new ArrayList<>();
            for (int i = 0; i < total; i++) {
                flood.add(provider(i, PeerId.fromPublicKey(Bytes.utf8("flood " + i % 4))));
            }
            store.addAll(flood);
            for (int i = 0; i < 200; i++) {
                store.add(provider(total + i, PeerId.fromPublicKey(Bytes.utf8("honest " + i))));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(store.providers(StoreFixture.key(total + i), 1)).hasSize(1);
            }
            assertThat(store.size()).isEqualTo(total);
            assertThat(store.statistics()).containsEntry("evictions", 200L);
        }
    }

    /** As long as more is stored than the lower limits allow, new records were refused: for up to two days. */
    @Test
    void newProvidersTakeThePlaceOfOthersAfterTheLimitsWereLowered() throws Exception {
        try (ProviderStore store = stores.providers()) {
            for (int i = 0; i < 5; i++) {
                store.add(provider(i, OTHER));
                store.add(provider(9, PeerId.fromPublicKey(Bytes.utf8("old " + i))));
            }
        }
        PeerId first = PeerId.fromPublicKey(Bytes.utf8("first"));
        PeerId second = PeerId.fromPublicKey(Bytes.utf8("second"));
        try (ProviderStore store = stores.providers("max-providers-per-key", "2")) {
            store.add(provider(9, first));
            assertThat(store.providers(StoreFixture.key(9), 10))
                    .as("two leave for one")
                    .hasSize(4)
                    .contains(provider(9, first));
            for (int i = 0; i < 5; i++) {
                store.add(provider(9, PeerId.fromPublicKey(Bytes.utf8("new " + i))));
            }
            assertThat(store.providers(StoreFixture.key(9), 10)).hasSize(2);
        }
        try (ProviderStore store = stores.providers("max-providers", "2")) {
            assertThat(store.size()).isEqualTo(7);
            store.add(provider(9, second));
            assertThat(store.providers(StoreFixture.key(9), 10)).contains(provider(9, second));
            assertThat(store.size()).isEqualTo(6);
        }
        try (ProviderStore store = stores.providers("max-providers", "0")) {
            assertThatThrownBy(() -> store.add(provider(9, OTHER))).isInstanceOf(StoreException.Full.class);
        }
        try (ProviderStore store = stores.providers("max-providers-per-key", "0")) {
            assertThatThrownBy(() -> store.add(provider(9, OTHER))).isInstanceOf(StoreException.Full.class);
        }
    }

    /** The provider that gives way in a full key is evicted for a record that is stored, not for one that another limit refuses. */
    @Test
    void aRecordForWhichOneOfItsKeyWasEvictedIsStored() throws Exception {
        List<Integer> byDistance = IntStream.range(0, 6)
                .boxed()
                .sorted((left, right) -> SELF.kadKey()
                        .compareDistance(
                                StoreFixture.key(left).kadKey(),
                                StoreFixture.key(right).kadKey()))
                .toList();
        int farthest = byDistance.get(5);
        try (ProviderStore store = stores.providers()) {
            for (int number : byDistance.subList(0, 5)) {
                store.add(provider(number, OTHER));
            }
            store.add(provider(farthest, PeerId.fromPublicKey(Bytes.utf8("one"))));
            store.add(provider(farthest, PeerId.fromPublicKey(Bytes.utf8("two"))));
        }
        try (ProviderStore store = stores.providers("max-providers-per-key", "2", "max-providers", "5")) {
            store.add(provider(farthest, OTHER));
            assertThat(store.providers(StoreFixture.key(farthest), 10))
                    .hasSize(2)
                    .contains(provider(farthest, OTHER));
        }
    }

    /** A call of native code after close would crash the process. */
    @Test
    void closingWaitsForRunningCalls() throws Exception {
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
            } catch (StoreException e) {
                return e;
            }
        }
    }

    @Test
    void theTwoStoresShareADatabaseAndCloseSeparately() throws Exception {
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
    void allInvalidOptionsAreListedInOneLine() {
        assertThatThrownBy(() ->
                        stores.records("sync", "sometimes", "recovery", "no", "max-records", "-1", "nonsense", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rocksdb.sync: expected own, all or none, got 'sometimes'")
                .hasMessageContaining("rocksdb.recovery: expected strict or salvage, got 'no'")
                .hasMessageContaining("rocksdb.max-records: expected an integer from 0 to 1000000000, got '-1'")
                .hasMessageContaining("unknown option 'rocksdb.nonsense'; known: rocksdb.sync, ")
                .hasMessageNotContaining("\n");
        assertThat(stores.database()).doesNotExist();
    }

    @Test
    void theStoresAreUnavailableWithoutADataDirectory() {
        SpiContext context = new SpiContext(SELF, stores::now, Optional.empty(), Map.of(), Runnable::run);
        assertThat(new RocksRecordStoreProvider().unavailable(context))
                .contains(
                        "missing data directory: set one with dataDirectory(path) of the builder, or --data DIR of the program");
        assertThat(new RocksProviderStoreProvider().unavailable(context)).isPresent();
        assertThatThrownBy(() -> new RocksRecordStoreProvider().create(context))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
