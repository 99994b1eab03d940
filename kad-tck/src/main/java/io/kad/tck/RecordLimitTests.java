package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.farKey;
import static io.kad.tck.support.TestData.remote;
import static io.kad.tck.support.TestData.remoteAt;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.closeKey;
import static io.kad.tck.support.TestData.local;
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

/** STORE-05 to STORE-07: what a store does at its limits. */
public abstract class RecordLimitTests extends RecordContentTests {

    RecordLimitTests() {}

    /** STORE-05 */
    @Test
    public final void store05AFullStoreRefusesAndKeepsWhatItHas() throws Exception {
        List<Record> held = fillRemote();
        assertThatThrownBy(() -> put(remoteAt(farKey(0)))).isInstanceOf(StoreException.Full.class);
        assertThat(store.get(farKey(0))).isEmpty();
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(held);
        assertThat(store.size()).isEqualTo(LIMITS.remoteRecords());
    }

    /** STORE-05: a place that became free is used. */
    @Test
    public final void store05ARemovedOrExpiredRecordGivesItsPlace() throws Exception {
        for (int i = 1; i < LIMITS.remoteRecords(); i++) {
            put(remote(i));
        }
        put(expiringIn(0, HOUR));
        clock.advance(HOUR);
        put(remoteAt(farKey(0)));
        store.update(key(1), held -> Optional.empty());
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

    /** STORE-05, with writers at once: as many are held as there are places; the others were refused, or told as displaced. */
    @Test
    public final void store05WritersAtOnceShareTheLimit() throws Exception {
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
        for (RecordedEvictions.Eviction each : evictions.all()) {
            assertThat(acknowledged.remove(each.evicted().key())).isTrue();
        }
        assertThat(acknowledged).hasSize(LIMITS.remoteRecords());
        assertThat(all(3))
                .containsExactlyInAnyOrderElementsOf(
                        acknowledged.stream().map(TestData::remoteAt).toList());
    }

    /** STORE-05: whether a store lets records give way or not, it is the farthest ones that do, and they are told and counted. */
    @Test
    public final void store05OnlyAFartherForeignRecordGivesWay() throws Exception {
        List<Record> held = new ArrayList<>(fillRemote());
        put(local(200));
        for (int i = 0; i < 2 * LIMITS.remoteRecords(); i++) {
            Record newcomer = remoteAt(i % 2 == 0 ? closeKey(i) : farKey(i));
            int told = evictions.all().size();
            try {
                put(newcomer);
                List<RecordedEvictions.Eviction> now = evictions.all();
                assertThat(now).as("a place was made for %s", newcomer).hasSize(told + 1);
                RecordedEvictions.Eviction last = now.get(told);
                assertThat(last.closer()).isEqualTo(newcomer);
                assertThat(held.remove(last.evicted()))
                        .as("%s was held", last.evicted())
                        .isTrue();
                assertThat(held)
                        .allMatch(
                                other -> isNearer(other.key(), last.evicted().key()));
                assertThat(isNearer(newcomer.key(), last.evicted().key())).isTrue();
                held.add(newcomer);
            } catch (StoreException.Full full) {
                assertThat(evictions.all()).hasSize(told);
            }
            assertThat(foreignOnly(all(3))).containsExactlyInAnyOrderElementsOf(held);
        }
        assertThat(store.get(key(200))).contains(local(200));
        assertThat(store.statistics().getOrDefault("displaced", 0L))
                .isEqualTo(evictions.all().size());
    }

    /** STORE-05: an expired record goes before any other gives way. */
    @Test
    public final void store05NoRecordGivesWayWhileAnotherIsExpired() throws Exception {
        List<Record> held = new ArrayList<>(fillRemote());
        held.remove(remote(1));
        put(expiringIn(1, HOUR));
        clock.advance(HOUR);
        put(remoteAt(closeKey(0)));
        held.add(remoteAt(closeKey(0)));
        assertThat(evictions.all()).isEmpty();
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(held);
    }

    /** STORE-06 */
    @Test
    public final void store06OwnRecordsAreLimitedApartFromForeignOnes() throws Exception {
        fillRemote();
        for (int i = 0; i < LIMITS.localRecords(); i++) {
            put(local(200 + i));
        }
        assertThatThrownBy(() -> put(local(300))).isInstanceOf(StoreException.Full.class);
        assertThatThrownBy(() -> put(remoteAt(farKey(0)))).isInstanceOf(StoreException.Full.class);
        assertThat(all(5)).hasSize(LIMITS.remoteRecords() + LIMITS.localRecords());
        store.update(key(200), held -> Optional.empty());
        assertThatThrownBy(() -> put(remoteAt(farKey(0)))).isInstanceOf(StoreException.Full.class);
        put(local(300));
    }

    /** STORE-06: a full share of own records takes nothing from others. */
    @Test
    public final void store06ForeignRecordsAreTakenWhileOwnOnesAreFull() throws Exception {
        for (int i = 0; i < LIMITS.localRecords(); i++) {
            put(local(200 + i));
        }
        assertThatThrownBy(() -> put(local(300))).isInstanceOf(StoreException.Full.class);
        fillRemote();
        assertThat(all(5)).hasSize(LIMITS.remoteRecords() + LIMITS.localRecords());
    }

    /** STORE-06: an own record is dropped for no other, and makes none give way. */
    @Test
    public final void store06OwnRecordsNeitherDisplaceNorAreDisplaced() throws Exception {
        List<Record> held = new ArrayList<>();
        for (int i = 0; i < LIMITS.localRecords(); i++) {
            Record mine = Record.of(farKey(i), value(i)).withPublisher(SELF);
            put(mine);
            held.add(mine);
        }
        held.addAll(fillRemote());
        Record nearOwn = Record.of(closeKey(0), value(0)).withPublisher(SELF);
        assertThatThrownBy(() -> put(nearOwn)).isInstanceOf(StoreException.Full.class);
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(held);
        for (int i = 1; i < 20; i++) {
            try {
                put(remoteAt(closeKey(i)));
            } catch (StoreException.Full full) {
                assertThat(store.get(closeKey(i))).isEmpty();
            }
        }
        assertThat(all(3)).containsAll(held.subList(0, LIMITS.localRecords()));
        assertThat(evictions.all()).noneMatch(each -> isOwn(each.evicted()));
    }

    /** STORE-07 */
    @Test
    public final void store07AFullStoreTakesReplacements() throws Exception {
        List<Record> held = fillRemote();
        for (Record record : held) {
            put(Record.of(record.key(), value(1000)));
        }
        assertThat(all(3)).hasSameSizeAs(held).allMatch(record -> record.value().equals(value(1000)));
    }

    /** STORE-07: whoever published the record before or publishes it now. */
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

    private static List<Record> foreignOnly(List<Record> records) {
        return records.stream().filter(record -> !isOwn(record)).toList();
    }

    private static boolean isOwn(Record record) {
        return record.publisher().equals(Optional.of(SELF));
    }

    private static boolean isNearer(RecordKey near, RecordKey far) {
        return KadKey.hash(SELF.bytes()).compareDistance(KadKey.hash(near.bytes()), KadKey.hash(far.bytes())) < 0;
    }
}
