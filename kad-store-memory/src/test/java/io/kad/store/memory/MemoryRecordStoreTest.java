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

    private MemoryRecordStore store(Quota foreign, Quota own) {
        return new MemoryRecordStore(SELF, clock, new Records(foreign, own, 100, 1000));
    }

    private static Record record(int number, int valueBytes) {
        return Record.of(key(number), Bytes.of(new byte[valueBytes]));
    }

    private static RecordKey key(int number) {
        return RecordKey.utf8(String.format("%08d", number));
    }

    /** Returns the number of the key that is the {@code rank}th nearest to this peer of the first hundred; the nearest is 0. */
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
        store.update(record.key(), held -> Optional.of(record));
    }

    @Test
    void bytesAreLimitedToTheLastOne() throws Exception {
        int near = ranked(1);
        int far = ranked(2);
        int own = 3000;
        long twoRecords = 2L * (EMPTY_BYTES + 8 + 100);
        MemoryRecordStore store = store(new Quota(10, twoRecords), AMPLE);
        put(store, record(near, 100));
        assertThatThrownBy(() -> put(store, record(far, 101))).isInstanceOf(StoreException.Full.class);
        put(store, record(far, 100));
        assertThat(store.bytes()).isEqualTo(twoRecords);
        assertThatThrownBy(() -> put(store, record(far, 101)))
                .isInstanceOf(StoreException.Full.class)
                .hasMessage("no room for records of more than " + twoRecords + " bytes");
        assertThat(store.get(key(near))).contains(record(near, 100));
        put(store, record(near, 99));
        put(store, record(far, 101));
        put(store, record(own, 100).withPublisher(SELF));
        assertThat(store.size()).isEqualTo(3);
    }

    @Test
    void keysAreLimitedInLength() throws Exception {
        MemoryRecordStore store = store(AMPLE, AMPLE);
        put(store, Record.of(RecordKey.of(Bytes.of(new byte[100])), Bytes.EMPTY));
        assertThatThrownBy(() -> put(store, Record.of(RecordKey.of(Bytes.of(new byte[101])), Bytes.EMPTY)))
                .isInstanceOf(StoreException.TooLarge.class)
                .hasMessage("a key of 101 bytes; at most 100 are taken");
        assertThatIllegalArgumentException().isThrownBy(() -> store.page(Optional.empty(), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store.removeExpired(0));
    }

    @Test
    void changesOfThePublisherTakeNoPlacesFromNowhere() throws Exception {
        MemoryRecordStore store = store(new Quota(3, Long.MAX_VALUE), new Quota(2, Long.MAX_VALUE));
        for (int i = 0; i < 3; i++) {
            put(store, record(i, 1));
        }
        for (int i = 3; i < 5; i++) {
            put(store, record(i, 1).withPublisher(SELF));
        }
        put(store, record(0, 1).withPublisher(SELF));
        // three own ones and two others: as many as both may be, so that the free place is none
        assertThatThrownBy(() -> put(store, record(ranked(99), 1))).isInstanceOf(StoreException.Full.class);
        assertThatThrownBy(() -> put(store, record(ranked(99), 1).withPublisher(SELF)))
                .isInstanceOf(StoreException.Full.class);
        store.update(key(0), held -> Optional.empty());
        put(store, record(ranked(99), 1));
        assertThat(store.size()).isEqualTo(5);
    }

    @Test
    void theFarthestRecordsGiveWayUntilThereIsRoom() throws Exception {
        List<String> told = new ArrayList<>();
        StoreListener listener = new StoreListener() {
            @Override
            public void recordEvicted(Record displaced, Record nearer) {
                told.add(displaced.key() + " by " + nearer.key());
            }
        };
        long bytes = 4L * (EMPTY_BYTES + 8 + 100);
        MemoryRecordStore store = new MemoryRecordStore(
                SELF, clock, new Records(new Quota(10, bytes), AMPLE, 100, 3 * EMPTY_BYTES), listener);
        for (int rank : new int[] {40, 10, 30, 20}) {
            put(store, record(ranked(rank), 100));
        }
        put(store, record(ranked(99), 1).withPublisher(SELF));
        // takes the room of two
        Record newcomer = record(ranked(25), 100 + EMPTY_BYTES);
        put(store, newcomer);
        assertThat(told)
                .containsExactly(key(ranked(40)) + " by " + newcomer.key(), key(ranked(30)) + " by " + newcomer.key());
        // one of three would have to give way, and one is nearer
        assertThatThrownBy(() -> put(store, record(ranked(15), 100 + 3 * EMPTY_BYTES)))
                .isInstanceOf(StoreException.TooLarge.class);
        assertThatThrownBy(() -> put(store, record(ranked(15), 3 * EMPTY_BYTES)))
                .isInstanceOf(StoreException.Full.class);
        assertThat(told).hasSize(2);
        assertThat(store.statistics()).containsEntry("displaced", 2L).containsEntry("records", 4L);
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
    void expiredRecordsLeaveAStoreThatNobodySweeps() throws Exception {
        MemoryRecordStore store = store(new Quota(100_000, Long.MAX_VALUE), AMPLE);
        long most = 0;
        for (int i = 0; i < 20_000; i++) {
            put(store, record(i, 1).withExpires(Optional.of(clock.instant().plusSeconds(100))));
            clock.advance(Duration.ofSeconds(1));
            most = Math.max(most, store.size());
        }
        assertThat(most).isBetween(100L, 400L);
        clock.advance(Duration.ofDays(1));
        while (store.removeExpired(10) == 10) {
            assertThat(store.size()).isLessThan(400);
        }
        assertThat(store.size()).isZero();
        assertThat(store.bytes()).isZero();
        assertThat(store.page(Optional.empty(), 10)).isEqualTo(new Page<>(List.of(), Optional.empty()));
    }

    @Test
    void anExpiredRecordThatIsReplacedWithoutSuccessStaysExpired() throws Exception {
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
    void aFloodFromSeveralThreadsStaysWithinTheLimitsAndLosesNothingThatWasTaken() throws Exception {
        int flood = 100_000;
        int threads = 4;
        long bytes = 300L * (EMPTY_BYTES + 8 + 50);
        BitSet displaced = new BitSet();
        StoreListener listener = new StoreListener() {
            @Override
            public void recordEvicted(Record gone, Record nearer) {
                synchronized (displaced) {
                    displaced.set(numberOf(gone));
                }
            }
        };
        MemoryRecordStore store =
                new MemoryRecordStore(SELF, clock, new Records(new Quota(5000, bytes), AMPLE, 100, 1000), listener);
        for (int i = 0; i < 100; i++) {
            put(store, record(flood + i, 1).withPublisher(SELF));
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        BitSet taken = new BitSet();
        try {
            Callable<BitSet>[] writers = writers(store, flood, threads);
            for (Future<BitSet> writer : executor.invokeAll(List.of(writers))) {
                taken.or(writer.get());
            }
        } finally {
            executor.shutdownNow();
        }
        BitSet held = new BitSet();
        Optional<Bytes> cursor = Optional.empty();
        do {
            Page<Record> page = store.page(cursor, 77);
            page.items().forEach(record -> held.set(numberOf(record)));
            cursor = page.next();
        } while (cursor.isPresent());
        BitSet expected = (BitSet) taken.clone();
        expected.andNot(displaced);
        expected.set(flood, flood + 100);
        assertThat(displaced.cardinality()).isPositive();
        assertThat(store.statistics()).containsEntry("displaced", (long) displaced.cardinality());
        assertThat(held).isEqualTo(expected);
        assertThat(store.size()).isEqualTo(expected.cardinality());
        long own = 100L * (EMPTY_BYTES + 8 + 1);
        assertThat(store.bytes() - own).isLessThanOrEqualTo(bytes).isGreaterThan(bytes - 2 * EMPTY_BYTES);
    }

    private static int numberOf(Record record) {
        return Integer.parseInt(record.key().bytes().utf8().orElseThrow());
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Callable<BitSet>[] writers(MemoryRecordStore store, int flood, int threads) {
        return IntStream.range(0, threads)
                .mapToObj(thread -> (Callable<BitSet>) () -> {
                    BitSet taken = new BitSet();
                    for (int i = thread; i < flood; i += threads) {
                        try {
                            put(store, record(i, i % 100));
                            taken.set(i);
                        } catch (StoreException.Full full) {
                            assertThat(store.get(key(i))).isEmpty();
                        }
                        assertThat(store.bytes()).isLessThan(2_000_000);
                    }
                    return taken;
                })
                .toArray(Callable[]::new);
    }
}
