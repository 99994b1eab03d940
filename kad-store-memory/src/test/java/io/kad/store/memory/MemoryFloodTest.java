package io.kad.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.MemoryStoreLimits.Providers;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.store.memory.MemoryStoreLimits.Records;
import io.kad.tck.support.TestClock;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Floods of records and providers, with the heap that the stores take measured, not counted by themselves. */
class MemoryFloodTest {

    private static final PeerId SELF = PeerId.fromPublicKey(Bytes.utf8("self"));
    private static final PeerId OTHER = PeerId.fromPublicKey(Bytes.utf8("other"));
    private static final long LIMIT = 64L << 20;
    private static final int OWN = 1000;
    private static final int FLOOD = 1_000_000;

    private final TestClock clock = new TestClock();

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static RecordKey key(int number) {
        return RecordKey.utf8("/flood/" + number);
    }

    private static Record record(int number) {
        return Record.of(key(number), Bytes.of(new byte[number % 1000])).withPublisher(OTHER);
    }

    private static Distance distance(int number) {
        return SELF.kadKey().distance(key(number).kadKey());
    }

    /** Remembers what gave way, by numbers, and whether always to something nearer. */
    private static final class Displaced implements StoreListener {

        private final BitSet numbers = new BitSet();
        private boolean toNearerOnly = true;

        @Override
        public void recordEvicted(Record displaced, Record nearer) {
            int number = Integer.parseInt(
                    displaced.key().bytes().utf8().orElseThrow().substring("/flood/".length()));
            numbers.set(number);
            Distance gone = SELF.kadKey().distance(displaced.key().kadKey());
            toNearerOnly &= SELF.kadKey().distance(nearer.key().kadKey()).compareTo(gone) < 0;
        }
    }

    @Test
    void aMillionRecordsStayWithinTheLimitAndNoneThatWasTakenIsLost() throws Exception {
        Displaced displaced = new Displaced();
        BitSet taken = new BitSet(FLOOD);
        long before = heap();
        MemoryRecordStore store = new MemoryRecordStore(
                SELF, clock, new Records(new Quota(10_000_000, LIMIT), new Quota(OWN, LIMIT), 4096, 65_536), displaced);
        for (int i = 0; i < OWN; i++) {
            put(store, record(FLOOD + i).withPublisher(SELF));
        }
        for (int i = 0; i < FLOOD; i++) {
            try {
                put(store, record(i));
                taken.set(i);
            } catch (StoreException.Full full) {
                assertThat(taken.cardinality()).isGreaterThan(10_000);
            }
        }
        long heap = heap() - before;
        assertThat(heap).as("heap with %s records", store.size()).isLessThan(LIMIT + (OWN << 11));
        assertThat(store.bytes()).isLessThan(LIMIT + (OWN << 11)).isGreaterThan(LIMIT);
        assertThat(displaced.toNearerOnly).isTrue();
        assertThat(displaced.numbers.cardinality()).isPositive();
        assertThat(store.statistics()).containsEntry("displaced", (long) displaced.numbers.cardinality());
        BitSet expected = (BitSet) taken.clone();
        expected.andNot(displaced.numbers);
        for (int i = 0; i < FLOOD; i++) {
            assertThat(store.get(key(i)).isPresent()).isEqualTo(expected.get(i));
        }
        for (int i = FLOOD; i < FLOOD + OWN; i++) {
            assertThat(store.get(key(i))).contains(record(i).withPublisher(SELF));
        }
        assertThat(store.size()).isEqualTo(expected.cardinality() + (long) OWN);
        assertThat(farthestHeld(expected)).isLessThan(medianOfFlood());
        store.close();
    }

    private static void put(MemoryRecordStore store, Record record) throws StoreException {
        store.update(record.key(), held -> Optional.of(record));
    }

    /** Far more came than fits, so that what is left is near. */
    private static Distance farthestHeld(BitSet held) {
        return held.stream()
                .mapToObj(MemoryFloodTest::distance)
                .max(Distance::compareTo)
                .orElseThrow();
    }

    private static Distance medianOfFlood() {
        return IntStream.range(0, 10_001)
                .mapToObj(MemoryFloodTest::distance)
                .sorted()
                .toList()
                .get(5000);
    }

    @Test
    void aHundredThousandProvidersOfOneKeyLeaveTheFirstOnesThere() throws Exception {
        int honest = 10;
        int perKey = 1024;
        long before = heap();
        MemoryProviderStore store = new MemoryProviderStore(
                SELF, clock, new Providers(new Quota(100_000, LIMIT), new Quota(100, LIMIT), perKey, 1000, 4096, 4096));
        for (int i = 0; i < honest; i++) {
            store.add(provider(i));
        }
        store.add(new ProviderRecord(key(1), SELF, List.of(), Optional.empty()));
        int refused = 0;
        for (int i = honest; i < 100_000; i++) {
            try {
                store.add(provider(i));
            } catch (StoreException.Full full) {
                refused++;
            }
        }
        assertThat(heap() - before).isLessThan(LIMIT / 10);
        assertThat(refused).isEqualTo(100_000 - perKey);
        List<ProviderRecord> held = store.providers(key(1), 10_000);
        assertThat(held).hasSize(perKey + 1).contains(new ProviderRecord(key(1), SELF, List.of(), Optional.empty()));
        for (int i = 0; i < honest; i++) {
            assertThat(held.get(i)).isEqualTo(provider(i));
        }
        store.close();
    }

    private static ProviderRecord provider(int number) {
        return new ProviderRecord(
                key(1),
                PeerId.fromPublicKey(Bytes.utf8("provider " + number)),
                List.of(Multiaddr.parse("/ip4/10.0.0.1/tcp/" + (1 + number % 65_535))),
                Optional.empty());
    }
}
