package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.farKey;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.local;
import static io.kad.tck.support.TestData.remote;
import static io.kad.tck.support.TestData.remoteAt;
import static io.kad.tck.support.TestData.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.ConcurrentCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests of STORE-08 to STORE-12: pages, closing, threads, and batches. */
public abstract class RecordPageTests extends RecordLimitTests {

    RecordPageTests() {}

    /** STORE-08 */
    @Test
    public final void store08PagesHoldEachRecordOnce() throws Exception {
        assertThat(all(3)).isEmpty();
        List<Record> expected = fillRemote();
        for (int limit : new int[] {1, 2, 3, LIMITS.remoteRecords(), 1000}) {
            assertThat(all(limit)).as("pages of %d", limit).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /** STORE-08: writes between the pages. */
    @Test
    public final void store08PagesSurviveWritesBetweenThem() throws Exception {
        List<Record> lasting =
                IntStream.range(0, 4).mapToObj(i -> remote(2 * i)).toList();
        for (Record record : lasting) {
            put(record);
        }
        for (int visitor = 1; visitor < 8; visitor += 2) {
            int coming = visitor;
            put(remote(coming));
            List<Record> seen = all(1, alternating(remote(coming)));
            assertThat(seen).doesNotHaveDuplicates().containsAll(lasting);
            store.update(key(coming), stored -> Optional.empty());
        }
    }

    /** Returns a task that removes {@code record}, which is stored, and stores it again, alternately. */
    private Between alternating(Record record) {
        AtomicBoolean present = new AtomicBoolean(true);
        return () -> {
            Optional<Record> next = present.get() ? Optional.empty() : Optional.of(record);
            store.update(record.key(), stored -> next);
            present.set(next.isPresent());
        };
    }

    /** STORE-08, with a writer in another thread. */
    @Test
    public final void store08PagesSurviveConcurrentWrites() throws Exception {
        List<Record> lasting =
                IntStream.range(0, 4).mapToObj(i -> remote(2 * i)).toList();
        for (Record record : lasting) {
            put(record);
        }
        ConcurrentCalls.readDuringWrites(
                200,
                round -> {
                    int coming = 1 + 2 * (round % 3);
                    put(remote(coming));
                    store.update(key(coming), stored -> Optional.empty());
                },
                round -> assertThat(all(2)).doesNotHaveDuplicates().containsAll(lasting));
    }

    /** STORE-09 */
    @Test
    public final void store09EveryCallFailsAfterClose() throws Exception {
        put(remote(1));
        store.close();
        assertThatThrownBy(() -> store.get(key(1))).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> put(remote(2))).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.page(Optional.empty(), 1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.localPage(Optional.empty(), 1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.updateAll(List.of(RecordChange.put(remote(3)))))
                .isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.statistics()).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.removeExpired(1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.size()).isInstanceOf(StoreException.Closed.class);
        store.close();
    }

    /** STORE-10 */
    @Test
    public final void store10AllMethodsAreThreadSafe() throws Exception {
        int threads = 4;
        int rounds = 300;
        ConcurrentCalls.run(threads, rounds, (thread, round) -> {
            RecordKey mine = key(thread);
            Record record = Record.of(mine, value(round))
                    .withExpires(Optional.of(clock.instant().plus(HOUR)));
            put(record);
            assertThat(store.get(mine)).contains(record);
            assertThat(all(2)).contains(record);
            assertThat(allLocal(2)).isEmpty();
            assertThat(store.removeExpired(10)).isZero();
            assertThat(store.size()).isBetween(1L, (long) threads);
            store.update(mine, stored -> Optional.empty());
            assertThat(store.get(mine)).isEmpty();
        });
        assertThat(store.size()).isZero();
    }

    /** STORE-11 */
    @Test
    public final void store11LocalPagesHoldEachLocalRecordOnceAndNoOther() throws Exception {
        assertThat(allLocal(3)).isEmpty();
        fillRemote();
        assertThat(allLocal(3)).isEmpty();
        List<Record> mine = fillLocal();
        for (int limit : new int[] {1, 2, LIMITS.localRecords(), 1000}) {
            assertThat(allLocal(limit)).as("pages of %d", limit).containsExactlyInAnyOrderElementsOf(mine);
        }
        store.update(mine.get(0).key(), stored -> Optional.empty());
        assertThat(allLocal(2)).containsExactlyInAnyOrderElementsOf(mine.subList(1, mine.size()));
    }

    /** STORE-11: the pages follow changes of the publisher, and expiry. */
    @Test
    public final void store11LocalPagesFollowThePublisherAndTheClock() throws Exception {
        put(remote(1));
        put(local(2));
        put(local(3).withExpires(Optional.of(clock.instant().plus(HOUR))));
        put(local(1));
        put(remote(2));
        assertThat(allLocal(1)).extracting(Record::key).containsExactlyInAnyOrder(key(1), key(3));
        clock.advance(HOUR);
        assertThat(allLocal(1)).containsExactly(local(1));
    }

    /** STORE-11, with writes between the pages. */
    @Test
    public final void store11LocalPagesSurviveWritesBetweenThem() throws Exception {
        List<Record> lasting = List.of(local(0), local(2), local(4));
        for (Record record : lasting) {
            put(record);
        }
        for (int visitor = 1; visitor < 6; visitor += 2) {
            int coming = visitor;
            put(local(coming));
            List<Record> seen = allLocal(1, alternating(local(coming)));
            assertThat(seen).doesNotHaveDuplicates().containsAll(lasting);
            store.update(key(coming), stored -> Optional.empty());
        }
    }

    /** STORE-11, with a writer in another thread. */
    @Test
    public final void store11LocalPagesSurviveConcurrentWrites() throws Exception {
        List<Record> lasting = List.of(local(0), local(2));
        for (Record record : lasting) {
            put(record);
        }
        ConcurrentCalls.readDuringWrites(
                200,
                round -> {
                    put(local(1));
                    put(remote(1));
                    store.update(key(1), stored -> Optional.empty());
                },
                round -> assertThat(allLocal(1))
                        .doesNotHaveDuplicates()
                        .containsAll(lasting)
                        .allMatch(record -> record.publisher().equals(Optional.of(SELF))));
    }

    /** STORE-12 */
    @Test
    public final void store12ChangesAreMadeInTheirOrderUntilOneIsRefused() throws Exception {
        Record tooLarge = Record.of(key(5), Bytes.of(new byte[LIMITS.valueBytes() + 1]));
        put(remote(6));
        TreeSet<Integer> seen = new TreeSet<>();
        assertThatThrownBy(() -> store.updateAll(List.of(
                        seenBy(seen, remote(9)),
                        new RecordChange(key(6), stored -> Optional.empty()),
                        seenBy(seen, remote(2)),
                        RecordChange.put(tooLarge),
                        seenBy(seen, remote(0)),
                        RecordChange.put(remote(7)))))
                .isInstanceOf(StoreException.TooLarge.class);
        assertThat(all(10)).containsExactlyInAnyOrder(remote(9), remote(2));
        assertThat(seen).contains(9, 2);
    }

    /** STORE-12: the limit on the number of records applies within one batch. */
    @Test
    public final void store12AFullStoreAcceptsTheFirstChangesOnly() throws Exception {
        List<Record> expected = new ArrayList<>(fillRemote());
        Record last = expected.remove(expected.size() - 1);
        store.update(last.key(), record -> Optional.empty());
        assertThatThrownBy(() -> store.updateAll(List.of(
                        RecordChange.put(remoteAt(farKey(0))),
                        RecordChange.put(local(200)),
                        RecordChange.put(remoteAt(farKey(1))),
                        RecordChange.put(local(201)))))
                .isInstanceOf(StoreException.Full.class);
        expected.add(remoteAt(farKey(0)));
        expected.add(local(200));
        assertThat(all(10)).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** STORE-12: a change that throws, or that returns a record of another key, stops the call. */
    @Test
    public final void store12AFailedChangeStopsTheCall() throws Exception {
        IllegalStateException failure = new IllegalStateException("a validator failed");
        assertThatThrownBy(() -> store.updateAll(List.of(
                        RecordChange.put(remote(1)),
                        new RecordChange(key(2), stored -> {
                            throw failure;
                        }),
                        RecordChange.put(remote(3)))))
                .isSameAs(failure);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.updateAll(List.of(
                        RecordChange.put(remote(4)),
                        new RecordChange(key(5), stored -> Optional.of(remote(6))),
                        RecordChange.put(remote(7)))));
        assertThat(all(10)).containsExactlyInAnyOrder(remote(1), remote(4));
    }

    /** STORE-12: each change receives the stored record, and all changes may succeed. */
    @Test
    public final void store12AllChangesReceiveTheStoredRecords() throws Exception {
        put(remote(1));
        store.updateAll(List.of());
        store.updateAll(List.of(
                new RecordChange(
                        key(1), stored -> stored.map(r -> Record.of(key(1), Bytes.concat(r.value(), value(2))))),
                new RecordChange(key(2), stored -> stored),
                RecordChange.put(remote(3))));
        assertThat(all(10)).containsExactlyInAnyOrder(Record.of(key(1), Bytes.concat(value(1), value(2))), remote(3));
    }

    private static RecordChange seenBy(Set<Integer> seen, Record record) {
        return new RecordChange(record.key(), stored -> {
            IntStream.range(0, 10).filter(i -> key(i).equals(record.key())).forEach(seen::add);
            return Optional.of(record);
        });
    }
}
