package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.closeKey;
import static io.kad.tck.support.TestData.farKey;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.local;
import static io.kad.tck.support.TestData.remote;
import static io.kad.tck.support.TestData.remoteAt;
import static io.kad.tck.support.TestData.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.ConcurrentCalls;
import io.kad.tck.support.RecordedEvictions;
import io.kad.tck.support.TestData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tests of STORE-05 to STORE-07 and STORE-16: limits and evictions. */
public abstract class RecordLimitTests extends RecordContentTests {

    RecordLimitTests() {}

    /** STORE-05 */
    @Test
    public final void store05AFullStoreRefusesAndKeepsItsRecords() throws Exception {
        List<Record> expected = fillRemote();
        assertThatThrownBy(() -> put(remoteAt(farKey(0)))).isInstanceOf(StoreException.Full.class);
        assertThat(store.get(farKey(0))).isEmpty();
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(store.size()).isEqualTo(LIMITS.remoteRecords());
    }

    /** STORE-05: removed and expired records do not count towards the limit. */
    @Test
    public final void store05RemovedAndExpiredRecordsMakeRoom() throws Exception {
        for (int i = 1; i < LIMITS.remoteRecords(); i++) {
            put(remote(i));
        }
        put(expiringIn(0, HOUR));
        clock.advance(HOUR);
        put(remoteAt(farKey(0)));
        store.update(key(1), stored -> Optional.empty());
        put(remoteAt(farKey(1)));
        assertThatThrownBy(() -> put(remoteAt(farKey(2)))).isInstanceOf(StoreException.Full.class);
        assertThat(all(10)).hasSize(LIMITS.remoteRecords()).contains(remoteAt(farKey(0)), remoteAt(farKey(1)));
    }

    /** STORE-05 */
    @Test
    public final void store05ATooLargeValueIsRefusedAndTheOldOneKept() throws Exception {
        Record largest = Record.of(key(1), Bytes.of(new byte[LIMITS.valueBytes()]));
        Record tooLarge = Record.of(key(1), Bytes.of(new byte[LIMITS.valueBytes() + 1]));
        assertThatThrownBy(() -> put(tooLarge)).isInstanceOf(StoreException.TooLarge.class);
        assertThat(store.size()).isZero();
        put(largest);
        assertThatThrownBy(() -> put(tooLarge)).isInstanceOf(StoreException.TooLarge.class);
        assertThat(store.get(key(1))).contains(largest);
    }

    /** STORE-05: concurrent writes reach the limit exactly; the other records are refused, or evicted and reported. */
    @Test
    public final void store05ConcurrentWritersShareTheLimit() throws Exception {
        TreeSet<RecordKey> acknowledged = new TreeSet<>();
        ConcurrentCalls.run(4, 10, (thread, round) -> {
            RecordKey mine = key(round * 4 + thread);
            try {
                put(remoteAt(mine));
                synchronized (acknowledged) {
                    acknowledged.add(mine);
                }
            } catch (StoreException.Full full) {
                assertThat(store.get(mine)).isEmpty();
            }
        });
        for (RecordedEvictions.Eviction eviction : evictions.all()) {
            assertThat(acknowledged.remove(eviction.evicted().key())).isTrue();
        }
        assertThat(acknowledged).hasSize(LIMITS.remoteRecords());
        assertThat(all(3))
                .containsExactlyInAnyOrderElementsOf(
                        acknowledged.stream().map(TestData::remoteAt).toList());
    }

    /** STORE-05: only the farthest remote records may be evicted, and each eviction is reported and counted. */
    @Test
    public final void store05OnlyTheFarthestRemoteRecordIsEvicted() throws Exception {
        List<Record> expected = new ArrayList<>(fillRemote());
        put(local(200));
        for (int i = 0; i < 2 * LIMITS.remoteRecords(); i++) {
            Record record = remoteAt(i % 2 == 0 ? closeKey(i) : farKey(i));
            int previous = evictions.all().size();
            try {
                put(record);
                List<RecordedEvictions.Eviction> current = evictions.all();
                assertThat(current).as("evictions for %s", record).hasSize(previous + 1);
                RecordedEvictions.Eviction last = current.get(previous);
                assertThat(last.closer()).isEqualTo(record);
                assertThat(expected.remove(last.evicted()))
                        .as("%s was stored", last.evicted())
                        .isTrue();
                assertThat(expected)
                        .allMatch(other -> isCloser(other.key(), last.evicted().key()));
                assertThat(isCloser(record.key(), last.evicted().key())).isTrue();
                expected.add(record);
            } catch (StoreException.Full full) {
                assertThat(evictions.all()).hasSize(previous);
            }
            assertThat(remoteOnly(all(3))).containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(store.get(key(200))).contains(local(200));
        assertThat(store.statistics().getOrDefault("evictions", 0L))
                .isEqualTo(evictions.all().size());
    }

    /** STORE-05: expired records are removed before any other is evicted. */
    @Test
    public final void store05NoRecordIsEvictedWhileAnotherIsExpired() throws Exception {
        List<Record> expected = new ArrayList<>(fillRemote());
        expected.remove(remote(1));
        put(expiringIn(1, HOUR));
        clock.advance(HOUR);
        put(remoteAt(closeKey(0)));
        expected.add(remoteAt(closeKey(0)));
        assertThat(evictions.all()).isEmpty();
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** STORE-06 */
    @Test
    public final void store06LocalAndRemoteRecordsHaveSeparateLimits() throws Exception {
        fillRemote();
        for (int i = 0; i < LIMITS.localRecords(); i++) {
            put(local(200 + i));
        }
        assertThatThrownBy(() -> put(local(300))).isInstanceOf(StoreException.Full.class);
        assertThatThrownBy(() -> put(remoteAt(farKey(0)))).isInstanceOf(StoreException.Full.class);
        assertThat(all(5)).hasSize(LIMITS.remoteRecords() + LIMITS.localRecords());
        store.update(key(200), stored -> Optional.empty());
        assertThatThrownBy(() -> put(remoteAt(farKey(0)))).isInstanceOf(StoreException.Full.class);
        put(local(300));
    }

    /** STORE-06: local records at their limit use up no room of remote records. */
    @Test
    public final void store06RemoteRecordsAreAcceptedWhileTheLocalShareIsFull() throws Exception {
        for (int i = 0; i < LIMITS.localRecords(); i++) {
            put(local(200 + i));
        }
        assertThatThrownBy(() -> put(local(300))).isInstanceOf(StoreException.Full.class);
        fillRemote();
        assertThat(all(5)).hasSize(LIMITS.remoteRecords() + LIMITS.localRecords());
    }

    /** STORE-06: a local record is never evicted, and evicts no other record. */
    @Test
    public final void store06LocalRecordsNeitherEvictNorAreEvicted() throws Exception {
        List<Record> expected = new ArrayList<>();
        for (int i = 0; i < LIMITS.localRecords(); i++) {
            Record mine = Record.of(farKey(i), value(i)).withPublisher(SELF);
            put(mine);
            expected.add(mine);
        }
        expected.addAll(fillRemote());
        Record closeLocal = Record.of(closeKey(0), value(0)).withPublisher(SELF);
        assertThatThrownBy(() -> put(closeLocal)).isInstanceOf(StoreException.Full.class);
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(expected);
        for (int i = 1; i < 20; i++) {
            try {
                put(remoteAt(closeKey(i)));
            } catch (StoreException.Full full) {
                assertThat(store.get(closeKey(i))).isEmpty();
            }
        }
        assertThat(all(3)).containsAll(expected.subList(0, LIMITS.localRecords()));
        assertThat(evictions.all()).noneMatch(eviction -> isLocal(eviction.evicted()));
    }

    /** STORE-07 */
    @Test
    public final void store07AFullStoreAcceptsReplacements() throws Exception {
        List<Record> expected = fillRemote();
        for (Record record : expected) {
            put(Record.of(record.key(), value(1000)));
        }
        assertThat(all(3))
                .hasSameSizeAs(expected)
                .allMatch(record -> record.value().equals(value(1000)));
    }

    /** STORE-07: a replacement may have another publisher. */
    @Test
    public final void store07AReplacementMayChangeThePublisher() throws Exception {
        fillRemote();
        for (int i = 0; i < LIMITS.localRecords(); i++) {
            put(local(200 + i));
        }
        put(local(0));
        put(remote(200));
        assertThat(store.get(key(0))).contains(local(0));
        assertThat(store.get(key(200))).contains(remote(200));
        assertThat(all(5)).hasSize(LIMITS.remoteRecords() + LIMITS.localRecords());
    }

    private static List<Record> remoteOnly(List<Record> records) {
        return records.stream().filter(record -> !isLocal(record)).toList();
    }

    private static boolean isLocal(Record record) {
        return record.publisher().equals(Optional.of(SELF));
    }

    private static boolean isCloser(RecordKey close, RecordKey far) {
        return KadKey.hash(SELF.bytes()).compareDistance(KadKey.hash(close.bytes()), KadKey.hash(far.bytes())) < 0;
    }

    /** STORE-16: the record that the listener names goes before farther ones, though the new one is the farthest. Names without a remote record are skipped and removed. */
    @Test
    public final void store16AFullStoreEvictsWhatItsListenerNames() throws Exception {
        fillRemote();
        put(local(200));
        if (!evicts()) {
            return;
        }
        List<Record> expected = new ArrayList<>(remoteOnly(all(3)));
        Record named = expected.stream()
                .reduce((one, other) -> isCloser(one.key(), other.key()) ? one : other)
                .orElseThrow();
        evictions.setRecordsOverShare(
                List.of(key(201), key(200), named.key(), expected.get(0).key()));
        put(remoteAt(farKey(1)));
        assertThat(evictions.namedRecords())
                .as("those that are not stored are removed, and no others")
                .containsExactly(named.key(), expected.get(0).key());
        expected.remove(named);
        expected.add(remoteAt(farKey(1)));
        assertThat(remoteOnly(all(3))).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(store.get(key(200))).contains(local(200));
    }

    /** STORE-16: a record that its own listener names is refused, though it is closer than all others, and nothing changes. */
    @Test
    public final void store16AFullStoreRefusesTheNewRecordThatIsNamed() throws Exception {
        List<Record> expected = fillRemote();
        evictions.setRecordsOverShare(List.of(closeKey(1), key(1)));
        assertThatThrownBy(() -> put(remoteAt(closeKey(1)))).isInstanceOf(StoreException.Full.class);
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(evictions.all()).isEmpty();
    }

    /** STORE-16: a store with room, and a record that replaces another one, need no names. */
    @Test
    public final void store16NothingIsEvictedWhereThereIsRoom() throws Exception {
        for (int i = 0; i < LIMITS.remoteRecords(); i++) {
            evictions.setRecordsOverShare(List.of(key(0)));
            put(remote(i));
        }
        put(remote(1).withExpires(Optional.of(clock.instant().plus(HOUR))));
        put(local(200));
        assertThat(evictions.all()).isEmpty();
        assertThat(all(3)).hasSize(LIMITS.remoteRecords() + 1);
    }

    /** Returns whether the full store evicts a record in favour of a closer one; one that does not evict refuses it. */
    private boolean evicts() throws StoreException {
        try {
            put(remoteAt(closeKey(90)));
            return true;
        } catch (StoreException.Full full) {
            return false;
        }
    }
}
