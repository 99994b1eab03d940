package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.farKey;
import static io.kad.tck.support.TestData.remote;
import static io.kad.tck.support.TestData.remoteAt;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.closeKey;
import static io.kad.tck.support.TestData.local;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kad.api.id.Bytes;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.StoreFiles;
import io.kad.tck.support.TestData;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** STORE-13 to STORE-15: what a store keeps over its process. */
public abstract class RecordDurabilityTests extends RecordPageTests {

    RecordDurabilityTests() {}

    abstract Optional<RecordStore> openAgain(SpiContext context) throws Exception;

    abstract boolean failWrites(boolean failing) throws Exception;

    /** STORE-13 */
    @Test
    public final void store13WhatWasAcknowledgedIsThereAfterReopening() throws Exception {
        List<Record> held = new ArrayList<>(fillRemote());
        held.addAll(fillLocal());
        Record every = new Record(
                key(3),
                Bytes.of((byte) 0, (byte) 0xff),
                Optional.of(TestData.peer(9)),
                Optional.of(clock.instant().plus(DAY).plusNanos(1)),
                Optional.of(clock.instant().minusNanos(987_654_321)));
        Record last = Record.of(key(4), Bytes.EMPTY);
        put(every);
        store.updateAll(List.of(RecordChange.put(last), new RecordChange(key(5), removed -> Optional.empty())));
        held.removeIf(record -> List.of(key(3), key(4), key(5)).contains(record.key()));
        held.addAll(List.of(every, last));
        reopen();
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(held);
        assertThat(allLocal(2))
                .containsExactlyInAnyOrderElementsOf(held.stream()
                        .filter(record -> record.publisher().equals(Optional.of(SELF)))
                        .toList());
        assertThat(store.get(key(3))).contains(every);
        assertThat(store.size()).isEqualTo(held.size());
    }

    /** STORE-13: time goes on while the store is closed, and a clock that is set back is followed as well. */
    @Test
    public final void store13ExpiryFollowsTheClockOverReopening() throws Exception {
        Record later = expiringIn(2, DAY);
        put(expiringIn(1, HOUR));
        put(later);
        put(local(3).withExpires(Optional.of(clock.instant().plus(HOUR))));
        reopen(HOUR);
        assertThat(all(10)).containsExactly(later);
        assertThat(allLocal(10)).isEmpty();
        assertThat(store.get(key(1))).isEmpty();
        reopen(HOUR.negated());
        assertThat(store.get(key(2))).contains(later);
        reopen(DAY.minusNanos(1));
        assertThat(store.get(key(2))).contains(later);
        clock.advance(Duration.ofNanos(1));
        assertThat(all(10)).isEmpty();
        assertThat(store.removeExpired(10)).isLessThanOrEqualTo(3);
        assertThat(store.size()).isZero();
    }

    /** STORE-13: what counts for the limits, and what is near, is known again. */
    @Test
    public final void store13LimitsHoldOverReopening() throws Exception {
        List<Record> held = new ArrayList<>(fillRemote());
        fillLocal();
        reopen();
        assertThatThrownBy(() -> put(remoteAt(farKey(0)))).isInstanceOf(StoreException.Full.class);
        assertThatThrownBy(() -> put(local(300))).isInstanceOf(StoreException.Full.class);
        try {
            put(remoteAt(closeKey(0)));
            held.add(remoteAt(closeKey(0)));
            assertThat(evictions.all()).hasSize(1);
            assertThat(held.remove(evictions.all().get(0).evicted())).isTrue();
        } catch (StoreException.Full full) {
            assertThat(evictions.all()).isEmpty();
        }
        assertThat(all(10))
                .hasSize(LIMITS.remoteRecords() + LIMITS.localRecords())
                .containsAll(held);
        store.update(key(200), record -> Optional.empty());
        put(local(300));
    }

    /** STORE-13: what was removed stays removed. */
    @Test
    public final void store13WhatWasRemovedStaysRemoved() throws Exception {
        put(remote(1));
        put(local(2));
        reopen();
        store.update(key(1), held -> Optional.empty());
        store.update(key(2), held -> Optional.empty());
        reopen();
        assertThat(all(10)).isEmpty();
        assertThat(allLocal(10)).isEmpty();
    }

    /**
     * STORE-14, as far as a test can see it: what is in the files when a call returns is what another process finds there
     * when this one dies. That own records survive the machine as well is for the store's own tests.
     */
    @Test
    public final void store14WhatWasAcknowledgedSurvivesTheDeathOfTheProcess(@TempDir Path elsewhere) throws Exception {
        reopen();
        List<Record> held = new ArrayList<>(fillRemote());
        held.addAll(fillLocal());
        Record replaced = Record.of(key(2), Bytes.utf8("replaced"));
        store.updateAll(List.of(RecordChange.put(replaced), new RecordChange(key(1), removed -> Optional.empty())));
        held.removeIf(record -> List.of(key(1), key(2)).contains(record.key()));
        held.add(replaced);
        try (RecordStore copy = openCopy(elsewhere)) {
            List<Record> found = new ArrayList<>();
            for (Record record : held) {
                copy.get(record.key()).ifPresent(found::add);
            }
            assertThat(found).isEqualTo(held);
            assertThat(copy.get(key(1))).isEmpty();
        }
    }

    /** STORE-15 */
    @Test
    public final void store15AfterAFailureARecordIsWholeOrAsBefore() throws Exception {
        reopen();
        assumeTrue(failWrites(false), "the writes of this store can't be made to fail");
        Record before = remote(1);
        Record after =
                Record.of(key(1), Bytes.of(new byte[LIMITS.valueBytes()])).withPublisher(SELF);
        put(before);
        failWrites(true);
        boolean failed = false;
        try {
            put(after);
        } catch (StoreException.Failed expected) {
            failed = true;
        } finally {
            failWrites(false);
        }
        assertThat(failed).as("a write that fails is told").isTrue();
        assertThat(store.get(key(1)).orElseThrow()).isIn(before, after);
        reopen();
        Record kept = store.get(key(1)).orElseThrow();
        assertThat(kept).isIn(before, after);
        assertThat(all(10)).containsExactly(kept);
        put(remote(2));
        assertThat(all(10)).containsExactlyInAnyOrder(kept, remote(2));
    }

    /** Closes the store and opens its place again; ends the test where there is no such place. */
    private void reopen() throws Exception {
        reopen(Duration.ZERO);
    }

    private void reopen(Duration later) throws Exception {
        store.close();
        clock.advance(later);
        Optional<RecordStore> again = openAgain(context);
        assumeTrue(again.isPresent(), "this store does not outlive its process");
        store = again.orElseThrow();
    }

    private RecordStore openCopy(Path elsewhere) throws Exception {
        StoreFiles.copy(context.dataDirectory().orElseThrow(), elsewhere);
        return openAgain(new SpiContext(
                        SELF, clock, Optional.of(elsewhere), context.options(), context.executor(), evictions))
                .orElseThrow();
    }
}
