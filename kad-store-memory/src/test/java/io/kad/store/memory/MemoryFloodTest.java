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
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Floods of records and providers; the heap of the stores is measured, not taken from their estimates. */
class MemoryFloodTest {

    private static final PeerId SELF = PeerId.fromPublicKey(Bytes.utf8("self"));
    private static final PeerId OTHER = PeerId.fromPublicKey(Bytes.utf8("other"));
    private static final long LIMIT = 64L << 20;
    private static final int LOCAL = 1000;
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

    /** Records the numbers of the evicted records, and whether each was evicted for a closer one. */
    private static final class Evictions implements StoreListener {

        private final BitSet numbers = new BitSet();
        private boolean closerOnly = true;

        @Override
        public void recordEvicted(Record evicted, Record closer) {
            int number =
                    Integer.parseInt(evicted.key().bytes().utf8().orElseThrow().substring("/flood/".length()));
            numbers.set(number);
            Distance distance = SELF.kadKey().distance(evicted.key().kadKey());
            closerOnly &= SELF.kadKey().distance(closer.key().kadKey()).compareTo(distance) < 0;
        }

        @Override
        public void providerEvicted(RecordKey key, PeerId provider) {
            throw new AssertionError("a store of records holds no providers");
        }
    }

    @Test
    void aMillionRecordsStayWithinTheLimitAndNoAcceptedRecordIsLost() throws Exception {
        Evictions evictions = new Evictions();
        BitSet accepted = new BitSet(FLOOD);
        long heapBefore = heap();
        MemoryRecordStore store = new MemoryRecordStore(
                SELF,
                clock,
                new Records(new Quota(10_000_000, LIMIT), new Quota(LOCAL, LIMIT), 4096, 65_536),
                evictions);
        for (int i = 0; i < LOCAL; i++) {
            put(store, record(FLOOD + i).withPublisher(SELF));
        }
        for (int i = 0; i < FLOOD; i++) {
            try {
                put(store, record(i));
                accepted.set(i);
            } catch (StoreException.Full full) {
                assertThat(accepted.cardinality()).isGreaterThan(10_000);
            }
        }
        long heap = heap() - heapBefore;
        assertThat(heap).as("heap with %s records", store.size()).isLessThan(LIMIT + (LOCAL << 11));
        assertThat(store.bytes()).isLessThan(LIMIT + (LOCAL << 11)).isGreaterThan(LIMIT);
        assertThat(evictions.closerOnly).isTrue();
        assertThat(evictions.numbers.cardinality()).isPositive();
        assertThat(store.statistics()).containsEntry("evictions", (long) evictions.numbers.cardinality());
        BitSet expected = (BitSet) accepted.clone();
        expected.andNot(evictions.numbers);
        for (int i = 0; i < FLOOD; i++) {
            assertThat(store.get(key(i)).isPresent()).isEqualTo(expected.get(i));
        }
        for (int i = FLOOD; i < FLOOD + LOCAL; i++) {
            assertThat(store.get(key(i))).contains(record(i).withPublisher(SELF));
        }
        assertThat(store.size()).isEqualTo(expected.cardinality() + (long) LOCAL);
        assertThat(farthestStored(expected)).isLessThan(medianOfFlood());
        store.close();
    }

    private static void put(MemoryRecordStore store, Record record) throws StoreException {
        store.update(record.key(), stored -> Optional.of(record));
    }

    /** The flood is much larger than the store, so that only close records are left. */
    private static Distance farthestStored(BitSet numbers) {
        return numbers.stream()
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

    /** A full key replaces those that were renewed longest ago, so providers that renew in time stay. */
    @Test
    void aHundredThousandProvidersOfOneKeyStayWithinTheLimitAndReplaceOnlyThoseNotRenewed() throws Exception {
        int honest = 10;
        int perKey = 1024;
        long heapBefore = heap();
        MemoryProviderStore store = new MemoryProviderStore(
                SELF, clock, new Providers(new Quota(100_000, LIMIT), new Quota(100, LIMIT), perKey, 1000, 4096, 4096));
        store.add(new ProviderRecord(key(1), SELF, List.of(), Optional.empty()));
        for (int i = 0; i < 100_000; i++) {
            if (i % 500 == honest) {
                for (int j = 0; j < honest; j++) {
                    store.add(provider(j));
                }
            }
            clock.advance(Duration.ofMillis(1));
            store.add(provider(i));
        }
        assertThat(heap() - heapBefore).isLessThan(LIMIT / 10);
        List<ProviderRecord> stored = store.providers(key(1), 10_000);
        assertThat(stored).hasSize(perKey + 1).contains(new ProviderRecord(key(1), SELF, List.of(), Optional.empty()));
        for (int i = 0; i < honest; i++) {
            assertThat(stored.get(1 + i)).isEqualTo(provider(i));
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
