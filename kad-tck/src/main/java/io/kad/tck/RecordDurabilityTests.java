package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.closeKey;
import static io.kad.tck.support.TestData.farKey;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.local;
import static io.kad.tck.support.TestData.remote;
import static io.kad.tck.support.TestData.remoteAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kad.api.id.Bytes;
import io.kad.api.record.PublicationTime;
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

/** Tests of STORE-13 to STORE-15: persistence. */
public abstract class RecordDurabilityTests extends RecordPageTests {

    RecordDurabilityTests() {}

    abstract Optional<RecordStore> openAgain(SpiContext context) throws Exception;

    abstract boolean failWrites(boolean failing) throws Exception;

    /** STORE-13 */
    @Test
    public final void store13AcknowledgedRecordsSurviveReopening() throws Exception {
        List<Record> expected = new ArrayList<>(fillRemote());
        expected.addAll(fillLocal());
        Record full = new Record(
                key(3),
                Bytes.of((byte) 0, (byte) 0xff),
                Optional.of(TestData.peer(9)),
                Optional.of(clock.instant().plus(DAY).plusNanos(1)),
                Optional.of(clock.instant().minusNanos(987_654_321)),
                Optional.of(PublicationTime.estimated(clock.instant())));
        Record last = Record.of(key(4), Bytes.EMPTY);
        put(full);
        store.updateAll(List.of(RecordChange.put(last), new RecordChange(key(5), removed -> Optional.empty())));
        expected.removeIf(record -> List.of(key(3), key(4), key(5)).contains(record.key()));
        expected.addAll(List.of(full, last));
        reopen();
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(allLocal(2))
                .containsExactlyInAnyOrderElementsOf(expected.stream()
                        .filter(record -> record.publisher().equals(Optional.of(SELF)))
                        .toList());
        assertThat(store.get(key(3))).contains(full);
        assertThat(store.size()).isEqualTo(expected.size());
    }

    /** STORE-13: records expire while the store is closed; a clock that is set back is followed as well. */
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

    /** STORE-13: limits and distances apply to the records of the reopened store. */
    @Test
    public final void store13LimitsHoldOverReopening() throws Exception {
        List<Record> expected = new ArrayList<>(fillRemote());
        fillLocal();
        reopen();
        assertThatThrownBy(() -> put(remoteAt(farKey(0)))).isInstanceOf(StoreException.Full.class);
        assertThatThrownBy(() -> put(local(300))).isInstanceOf(StoreException.Full.class);
        try {
            put(remoteAt(closeKey(0)));
            expected.add(remoteAt(closeKey(0)));
            assertThat(evictions.all()).hasSize(1);
            assertThat(expected.remove(evictions.all().get(0).evicted())).isTrue();
        } catch (StoreException.Full full) {
            assertThat(evictions.all()).isEmpty();
        }
        assertThat(all(10))
                .hasSize(LIMITS.remoteRecords() + LIMITS.localRecords())
                .containsAll(expected);
        store.update(key(200), record -> Optional.empty());
        put(local(300));
    }

    /** STORE-13: removed records stay removed. */
    @Test
    public final void store13RemovedRecordsStayRemoved() throws Exception {
        put(remote(1));
        put(local(2));
        reopen();
        store.update(key(1), stored -> Optional.empty());
        store.update(key(2), stored -> Optional.empty());
        reopen();
        assertThat(all(10)).isEmpty();
        assertThat(allLocal(10)).isEmpty();
    }

    /**
     * STORE-14, as far as this test can check it: the files at the return of a call are those that remain when the process crashes. That
     * local records survive a crash of the machine must be tested by each store.
     */
    @Test
    public final void store14AcknowledgedRecordsSurviveACrashOfTheProcess(@TempDir Path copyDirectory)
            throws Exception {
        reopen();
        List<Record> expected = new ArrayList<>(fillRemote());
        expected.addAll(fillLocal());
        Record replaced = Record.of(key(2), Bytes.utf8("replaced"));
        store.updateAll(List.of(RecordChange.put(replaced), new RecordChange(key(1), removed -> Optional.empty())));
        expected.removeIf(record -> List.of(key(1), key(2)).contains(record.key()));
        expected.add(replaced);
        try (RecordStore copy = openCopy(copyDirectory)) {
            List<Record> found = new ArrayList<>();
            for (Record record : expected) {
                copy.get(record.key()).ifPresent(found::add);
            }
            assertThat(found).isEqualTo(expected);
            assertThat(copy.get(key(1))).isEmpty();
        }
    }

    /** STORE-15 */
    @Test
    public final void store15AFailedWriteLeavesNoPartialRecord() throws Exception {
        reopen();
        assumeTrue(failWrites(false), "fault injection for writes is unsupported by this store");
        Record previous = remote(1);
        Record next = Record.of(key(1), Bytes.of(new byte[LIMITS.valueBytes()])).withPublisher(SELF);
        put(previous);
        failWrites(true);
        boolean failed = false;
        try {
            put(next);
        } catch (StoreException.Failed e) {
            failed = true;
        } finally {
            failWrites(false);
        }
        assertThat(failed).as("the failed write was reported").isTrue();
        assertThat(store.get(key(1)).orElseThrow()).isIn(previous, next);
        reopen();
        Record stored = store.get(key(1)).orElseThrow();
        assertThat(stored).isIn(previous, next);
        assertThat(all(10)).containsExactly(stored);
        put(remote(2));
        assertThat(all(10)).containsExactlyInAnyOrder(stored, remote(2));
    }

    /** Closes and reopens the store; aborts the test if the store is not persistent. */
    private void reopen() throws Exception {
        reopen(Duration.ZERO);
    }

    private void reopen(Duration later) throws Exception {
        store.close();
        clock.advance(later);
        Optional<RecordStore> reopened = openAgain(context);
        assumeTrue(reopened.isPresent(), "this store is not persistent");
        store = reopened.orElseThrow();
    }

    private RecordStore openCopy(Path copyDirectory) throws Exception {
        StoreFiles.copy(context.dataDirectory().orElseThrow(), copyDirectory);
        return openAgain(new SpiContext(
                        SELF, clock, Optional.of(copyDirectory), context.options(), context.executor(), evictions))
                .orElseThrow();
    }
}
