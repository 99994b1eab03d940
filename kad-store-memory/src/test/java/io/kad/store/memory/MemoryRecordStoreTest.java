package io.kad.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.Page;
import io.kad.api.spi.StoreException;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.store.memory.MemoryStoreLimits.Records;
import io.kad.tck.TestClock;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryRecordStoreTest {

    private static final PeerId SELF = PeerId.fromPublicKey(Bytes.utf8("self"));
    private static final Quota AMPLE = new Quota(1000, Long.MAX_VALUE);
    private static final int EMPTY_BYTES = HeldRecord.OVERHEAD_BYTES;

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

    private static void put(MemoryRecordStore store, Record record) throws StoreException {
        store.update(record.key(), held -> Optional.of(record));
    }

    @Test
    void bytesAreLimitedToTheLastOne() throws Exception {
        long twoRecords = 2L * (EMPTY_BYTES + 8 + 100);
        MemoryRecordStore store = store(new Quota(10, twoRecords), AMPLE);
        put(store, record(1, 100));
        assertThatThrownBy(() -> put(store, record(2, 101))).isInstanceOf(StoreException.Full.class);
        put(store, record(2, 100));
        assertThat(store.bytes()).isEqualTo(twoRecords);
        assertThatThrownBy(() -> put(store, record(1, 101)))
                .isInstanceOf(StoreException.Full.class)
                .hasMessage("no room for records of more than " + twoRecords + " bytes");
        assertThat(store.get(key(1))).contains(record(1, 100));
        put(store, record(1, 99));
        put(store, record(2, 101));
        put(store, record(3, 100).withPublisher(SELF));
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
        assertThatThrownBy(() -> put(store, record(9, 1))).isInstanceOf(StoreException.Full.class);
        assertThatThrownBy(() -> put(store, record(9, 1).withPublisher(SELF))).isInstanceOf(StoreException.Full.class);
        store.update(key(0), held -> Optional.empty());
        put(store, record(9, 1));
        assertThat(store.size()).isEqualTo(5);
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
        assertThat(store.page(Optional.empty(), 10)).isEqualTo(new Page<>(java.util.List.of(), Optional.empty()));
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
        MemoryRecordStore store = store(new Quota(5000, bytes), AMPLE);
        for (int i = 0; i < 100; i++) {
            put(store, record(flood + i, 1).withPublisher(SELF));
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        BitSet taken = new BitSet();
        try {
            Callable<BitSet>[] writers = writers(store, flood, threads);
            for (Future<BitSet> writer : executor.invokeAll(java.util.List.of(writers))) {
                taken.or(writer.get());
            }
        } finally {
            executor.shutdownNow();
        }
        BitSet held = new BitSet();
        Optional<Bytes> cursor = Optional.empty();
        do {
            Page<Record> page = store.page(cursor, 77);
            page.items()
                    .forEach(record -> held.set(
                            Integer.parseInt(record.key().bytes().utf8().orElseThrow())));
            cursor = page.next();
        } while (cursor.isPresent());
        BitSet expected = (BitSet) taken.clone();
        expected.set(flood, flood + 100);
        assertThat(held).isEqualTo(expected);
        assertThat(store.size()).isEqualTo(expected.cardinality());
        long own = 100L * (EMPTY_BYTES + 8 + 1);
        assertThat(store.bytes() - own).isLessThanOrEqualTo(bytes).isGreaterThan(bytes - EMPTY_BYTES - 108);
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
