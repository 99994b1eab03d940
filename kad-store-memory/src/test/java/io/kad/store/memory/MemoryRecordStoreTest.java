package io.kad.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.store.memory.MemoryStoreLimits.Records;
import io.kad.tck.support.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryRecordStoreTest {

    private static final PeerId SELF = PeerId.fromPublicKey(Bytes.utf8("self"));
    private static final Quota AMPLE = new Quota(1000, Long.MAX_VALUE);
    private static final int EMPTY_BYTES = MemoryRecordEntry.OVERHEAD_BYTES;

    private final TestClock clock = new TestClock();

    private MemoryRecordStore store(Quota remote, Quota local) {
        return new MemoryRecordStore(SELF, clock, new Records(remote, local, 100, 1000));
    }

    private static Record record(int number, int valueBytes) {
        return Record.of(key(number), Bytes.of(new byte[valueBytes]));
    }

    private static RecordKey key(int number) {
        return RecordKey.utf8(String.format("%08d", number));
    }

    /** Returns the number of the key with the given rank among the first hundred, by distance from the local peer; the closest has 0. */
    private static int ranked(int rank) {
        KadKey self = KadKey.hash(SELF.bytes());
        return IntStream.range(0, 100)
                .boxed()
                .sorted(Comparator.comparing(
                        number -> self.distance(KadKey.hash(key(number).bytes()))))
                .toList()
                .get(rank);
    }

    private static void put(MemoryRecordStore store, Record record) throws StoreException {
        store.update(record.key(), stored -> Optional.of(record));
    }

    @Test
    void theByteLimitIsExact() throws Exception {
        int close = ranked(1);
        int far = ranked(2);
        int local = 3000;
        long twoRecords = 2L * (EMPTY_BYTES + 8 + 100);
        MemoryRecordStore store = store(new Quota(10, twoRecords), AMPLE);
        put(store, record(close, 100));
        assertThatThrownBy(() -> put(store, record(far, 101))).isInstanceOf(StoreException.Full.class);
        put(store, record(far, 100));
        assertThat(store.bytes()).isEqualTo(twoRecords);
        assertThatThrownBy(() -> put(store, record(far, 101)))
                .isInstanceOf(StoreException.Full.class)
                .hasMessage("store full: limit of " + twoRecords
                        + " bytes for remote records reached (memory.max-record-bytes)");
        assertThat(store.get(key(close))).contains(record(close, 100));
        put(store, record(close, 99));
        put(store, record(far, 101));
        put(store, record(local, 100).withPublisher(SELF));
        assertThat(store.size()).isEqualTo(3);
    }

    @Test
    void largeRecordsDoNotEvictSmallOnesOrKeepThemOut() throws Exception {
        MemoryRecordStore store =
                new MemoryRecordStore(SELF, clock, new Records(new Quota(1000, 30 * 60_000), AMPLE, 100, 60_000));
        int before = ranked(90);
        put(store, record(before, 100));
        for (int number = 0; number < 80; number++) {
            putIfRoom(store, record(ranked(number), 59_000));
        }
        put(store, record(ranked(95), 100));
        assertThat(store.get(key(before))).isPresent();
        assertThat(store.get(key(ranked(95)))).isPresent();
        assertThat(store.get(key(ranked(0))))
                .hasValueSatisfying(kept -> assertThat(kept.value().size()).isEqualTo(59_000));
        assertThat(store.size()).isBetween(30L, 32L);
    }

    @Test
    void aLargeRecordTakesTheRoomOfSmallOnesOnlyIfItIsAsManyTimesCloser() throws Exception {
        MemoryRecordStore store =
                new MemoryRecordStore(SELF, clock, new Records(new Quota(1000, 62_000), AMPLE, 100, 60_000));
        for (int rank = 40; rank < 80; rank++) {
            put(store, record(ranked(rank), 100));
        }
        assertThatThrownBy(() -> put(store, record(ranked(30), 48_000))).isInstanceOf(StoreException.Full.class);
        assertThat(store.size()).isEqualTo(40);
        put(store, record(ranked(0), 48_000));
        assertThat(store.get(key(ranked(0)))).isPresent();
        assertThat(store.get(key(ranked(40)))).isPresent();
        assertThat(store.get(key(ranked(79)))).isEmpty();
    }

    @Test
    void noFloodOfDistantTinyRecordsEvictsACloserOrdinaryOne() throws Exception {
        MemoryRecordStore store =
                new MemoryRecordStore(SELF, clock, new Records(new Quota(1000, 60_000), AMPLE, 100, 60_000));
        for (int rank = 0; rank < 6; rank++) {
            put(store, record(ranked(rank), 9_000));
        }
        for (int rank = 6; rank < 100; rank++) {
            putIfRoom(store, record(ranked(rank), 0));
        }
        for (int rank = 0; rank < 6; rank++) {
            assertThat(store.get(key(ranked(rank)))).as("rank %s", rank).isPresent();
        }
    }

    @Test
    void aLargeRecordShrinksInAFullStore() throws Exception {
        MemoryRecordStore store =
                new MemoryRecordStore(SELF, clock, new Records(new Quota(1000, 12_000), AMPLE, 100, 60_000));
        put(store, record(ranked(60), 10_000));
        put(store, record(ranked(60), 100));
        assertThat(store.get(key(ranked(60)))).contains(record(ranked(60), 100));
        put(store, record(ranked(61), 10_000));
        put(store, record(ranked(1), 1000));
        assertThat(store.get(key(ranked(61)))).isEmpty();
        assertThat(store.get(key(ranked(60)))).isPresent();
    }

    private static void putIfRoom(MemoryRecordStore store, Record record) throws StoreException {
        try {
            put(store, record);
        } catch (StoreException.Full full) {
            assertThat(store.get(record.key())).isEmpty();
        }
    }

    @Test
    void keysAreLimitedInLength() throws Exception {
        MemoryRecordStore store = store(AMPLE, AMPLE);
        put(store, Record.of(RecordKey.of(Bytes.of(new byte[100])), Bytes.EMPTY));
        assertThatThrownBy(() -> put(store, Record.of(RecordKey.of(Bytes.of(new byte[101])), Bytes.EMPTY)))
                .isInstanceOf(StoreException.TooLarge.class)
                .hasMessage("key of 101 bytes exceeds the limit of 100 (memory.max-key-bytes)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.page(Optional.empty(), 0))
                .withMessage("limit must be at least 1, got 0");
        assertThatIllegalArgumentException().isThrownBy(() -> store.removeExpired(0));
    }

    @Test
    void changesOfThePublisherDoNotRaiseTheTotalLimit() throws Exception {
        MemoryRecordStore store = store(new Quota(3, Long.MAX_VALUE), new Quota(2, Long.MAX_VALUE));
        for (int i = 0; i < 3; i++) {
            put(store, record(i, 1));
        }
        for (int i = 3; i < 5; i++) {
            put(store, record(i, 1).withPublisher(SELF));
        }
        put(store, record(0, 1).withPublisher(SELF));
        // three local records and two remote ones reach the sum of both quotas, so that the remote share has no free
        // room
        assertThatThrownBy(() -> put(store, record(ranked(99), 1)))
                .isInstanceOf(StoreException.Full.class)
                .hasMessage("store full: limit of 5 keys for local and remote records reached"
                        + " (memory.max-local-records + memory.max-records)");
        assertThatThrownBy(() -> put(store, record(ranked(99), 1).withPublisher(SELF)))
                .isInstanceOf(StoreException.Full.class)
                .hasMessage("store full: limit of 2 keys for local records reached (memory.max-local-records)");
        store.update(key(0), stored -> Optional.empty());
        put(store, record(ranked(99), 1));
        assertThat(store.size()).isEqualTo(5);
    }

    @Test
    void theFarthestRecordsAreEvictedUntilThereIsRoom() throws Exception {
        List<String> evictions = new ArrayList<>();
        StoreListener listener = new StoreListener() {
            @Override
            public void recordEvicted(Record evicted, Record closer) {
                evictions.add(evicted.key() + " by " + closer.key());
            }

            @Override
            public void providerEvicted(RecordKey key, PeerId provider) {
                throw new AssertionError("a store of records holds no providers");
            }
        };
        long bytes = 4L * (EMPTY_BYTES + 8 + 100);
        MemoryRecordStore store = new MemoryRecordStore(
                SELF, clock, new Records(new Quota(10, bytes), AMPLE, 100, 3 * EMPTY_BYTES), listener);
        for (int rank : new int[] {40, 10, 30, 20}) {
            put(store, record(ranked(rank), 100));
        }
        put(store, record(ranked(99), 1).withPublisher(SELF));
        // needs the room of two
        Record newcomer = record(ranked(25), 100 + EMPTY_BYTES);
        put(store, newcomer);
        assertThat(evictions)
                .containsExactly(key(ranked(40)) + " by " + newcomer.key(), key(ranked(30)) + " by " + newcomer.key());
        // too large for any store, then needs the room of three, of which one is closer
        assertThatThrownBy(() -> put(store, record(ranked(15), 100 + 3 * EMPTY_BYTES)))
                .isInstanceOf(StoreException.TooLarge.class);
        assertThatThrownBy(() -> put(store, record(ranked(15), 3 * EMPTY_BYTES)))
                .isInstanceOf(StoreException.Full.class);
        assertThat(evictions).hasSize(2);
        assertThat(store.statistics())
                .containsEntry("evictions", 2L)
                .containsEntry("records", 4L)
                .containsEntry("local-records", 1L);
        assertThat(store.get(newcomer.key())).contains(newcomer);
        assertThat(store.localPage(Optional.empty(), 10).items()).hasSize(1);
    }

    @Test
    void theSameCallsGiveTheSameContentInTheSameOrder() throws Exception {
        List<List<Record>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            MemoryRecordStore store = store(new Quota(50, Long.MAX_VALUE), new Quota(10, Long.MAX_VALUE));
            Random random = new Random(7);
            for (int i = 0; i < 2000; i++) {
                Record record = record(random.nextInt(500), 1)
                        .withPublisher(random.nextInt(5) == 0 ? SELF : PeerId.fromPublicKey(Bytes.utf8("other")));
                try {
                    put(store, record);
                } catch (StoreException.Full full) {
                    clock.advance(Duration.ofMillis(1));
                }
            }
            runs.add(store.page(Optional.empty(), 1000).items());
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1)).hasSizeGreaterThan(50);
    }

    @Test
    void writesRemoveExpiredRecordsWithoutSweeps() throws Exception {
        MemoryRecordStore store = store(new Quota(100_000, Long.MAX_VALUE), AMPLE);
        long largest = 0;
        for (int i = 0; i < 20_000; i++) {
            put(store, record(i, 1).withExpires(Optional.of(clock.instant().plusSeconds(100))));
            clock.advance(Duration.ofSeconds(1));
            largest = Math.max(largest, store.size());
        }
        assertThat(largest).isBetween(100L, 400L);
        clock.advance(Duration.ofDays(1));
        while (store.removeExpired(10) == 10) {
            assertThat(store.size()).isLessThan(400);
        }
        assertThat(store.size()).isZero();
        assertThat(store.bytes()).isZero();
        assertThat(store.page(Optional.empty(), 10)).isEqualTo(new Page<>(List.of(), Optional.empty()));
    }

    @Test
    void aFailedReplacementDoesNotReviveAnExpiredRecord() throws Exception {
        MemoryRecordStore store = store(new Quota(1, Long.MAX_VALUE), AMPLE);
        put(store, record(1, 1).withExpires(Optional.of(clock.instant().plusSeconds(1))));
        clock.advance(Duration.ofDays(1));
        assertThatThrownBy(() -> put(store, record(1, 1001))).isInstanceOf(StoreException.TooLarge.class);
        assertThat(store.get(key(1))).isEmpty();
        put(store, record(2, 1));
        assertThat(store.size()).isEqualTo(1);
        assertThat(store.bytes()).isEqualTo(EMPTY_BYTES + 8 + 1);
    }

    @Test
    void aFloodFromSeveralThreadsStaysWithinTheLimitsAndLosesNoAcceptedRecord() throws Exception {
        int flood = 100_000;
        int threads = 4;
        long bytes = 300L * (EMPTY_BYTES + 8 + 50);
        BitSet evicted = new BitSet();
        StoreListener listener = new StoreListener() {
            @Override
            public void recordEvicted(Record record, Record closer) {
                synchronized (evicted) {
                    evicted.set(numberOf(record));
                }
            }

            @Override
            public void providerEvicted(RecordKey key, PeerId provider) {
                throw new AssertionError("a store of records holds no providers");
            }
        };
        MemoryRecordStore store =
                new MemoryRecordStore(SELF, clock, new Records(new Quota(5000, bytes), AMPLE, 100, 1000), listener);
        for (int i = 0; i < 100; i++) {
            put(store, record(flood + i, 1).withPublisher(SELF));
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        BitSet accepted = new BitSet();
        try {
            Callable<BitSet>[] writers = writers(store, flood, threads);
            for (Future<BitSet> writer : executor.invokeAll(List.of(writers))) {
                accepted.or(writer.get());
            }
        } finally {
            executor.shutdownNow();
        }
        BitSet stored = new BitSet();
        Optional<Bytes> cursor = Optional.empty();
        do {
            Page<Record> page = store.page(cursor, 77);
            page.items().forEach(record -> stored.set(numberOf(record)));
            cursor = page.next();
        } while (cursor.isPresent());
        BitSet expected = (BitSet) accepted.clone();
        expected.andNot(evicted);
        expected.set(flood, flood + 100);
        assertThat(evicted.cardinality()).isPositive();
        assertThat(store.statistics()).containsEntry("evictions", (long) evicted.cardinality());
        assertThat(stored).isEqualTo(expected);
        assertThat(store.size()).isEqualTo(expected.cardinality());
        long localBytes = 100L * (EMPTY_BYTES + 8 + 1);
        assertThat(store.bytes() - localBytes).isLessThanOrEqualTo(bytes).isGreaterThan(bytes - 2 * EMPTY_BYTES);
    }

    private static int numberOf(Record record) {
        return Integer.parseInt(record.key().bytes().utf8().orElseThrow());
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Callable<BitSet>[] writers(MemoryRecordStore store, int flood, int threads) {
        return IntStream.range(0, threads)
                .mapToObj(thread -> (Callable<BitSet>) () -> {
                    BitSet accepted = new BitSet();
                    for (int i = thread; i < flood; i += threads) {
                        try {
                            put(store, record(i, i % 100));
                            accepted.set(i);
                        } catch (StoreException.Full full) {
                            assertThat(store.get(key(i))).isEmpty();
                        }
                        assertThat(store.bytes()).isLessThan(2_000_000);
                    }
                    return accepted;
                })
                .toArray(Callable[]::new);
    }
}
