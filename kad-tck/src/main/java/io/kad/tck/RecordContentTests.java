package io.kad.tck;

import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.remote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.api.spi.store.RecordChange;
import io.kad.tck.support.ConcurrentCalls;
import io.kad.tck.support.TestData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests of STORE-01 to STORE-04: content, atomicity and expiry. */
public abstract class RecordContentTests extends RecordStoreFixture {

    RecordContentTests() {}

    /** STORE-01: a record that uses every field. */
    @Test
    public final void store01ReturnsARecordWithEveryFieldUnchanged() throws Exception {
        Record record = new Record(
                RecordKey.of(Bytes.of((byte) 0, (byte) 0xff, (byte) '/', (byte) 0)),
                Bytes.of((byte) 0xfe, (byte) 0, (byte) 1),
                Optional.of(TestData.peer(7)),
                Optional.of(clock.instant().plus(HOUR).plusNanos(1)),
                Optional.of(clock.instant().minusNanos(987_654_321)),
                Optional.of(PublicationTime.stated(clock.instant().minusMillis(3))));
        assertThat(put(record)).contains(record);
        assertThat(store.get(record.key())).contains(record);
        assertThat(all(10)).containsExactly(record);
    }

    /** STORE-01: a time of publication, stated or estimated. */
    @Test
    public final void store01KeepsTheTimeOfPublication() throws Exception {
        for (PublicationTime time : List.of(
                PublicationTime.stated(clock.instant()),
                PublicationTime.estimated(clock.instant().minusMillis(1)))) {
            Record record = remote(1).withPublished(Optional.of(time));
            put(record);
            assertThat(store.get(key(1))).contains(record);
        }
    }

    /** STORE-01: a record that uses no optional field. */
    @Test
    public final void store01ReturnsAnEmptyValueAndAbsentFields() throws Exception {
        Record record = Record.of(key(1), Bytes.EMPTY);
        put(record);
        assertThat(store.get(key(1))).contains(record);
        assertThat(store.get(key(2))).isEmpty();
    }

    /** STORE-01: a removed record is not returned. */
    @Test
    public final void store01AnEmptyResultRemovesTheRecord() throws Exception {
        put(remote(1));
        put(remote(2));
        assertThat(store.update(key(1), stored -> Optional.empty())).isEmpty();
        assertThat(store.get(key(1))).isEmpty();
        assertThat(store.size()).isEqualTo(1);
        assertThat(all(10)).containsExactly(remote(2));
    }

    /** STORE-02: the change receives the stored record, and its result is stored. */
    @Test
    public final void store02UpdateReceivesTheStoredRecordAndMayKeepIt() throws Exception {
        List<Optional<Record>> seen = new ArrayList<>();
        store.update(key(1), stored -> {
            seen.add(stored);
            return Optional.of(remote(1));
        });
        Optional<Record> result = store.update(key(1), stored -> {
            seen.add(stored);
            return stored;
        });
        assertThat(result).contains(remote(1));
        assertThat(seen.get(0)).isEmpty();
        assertThat(seen.get(seen.size() - 1)).contains(remote(1));
        assertThat(store.get(key(1))).contains(remote(1));
    }

    /** STORE-02 */
    @Test
    public final void store02UpdateIsAtomicForEachKey() throws Exception {
        int threads = 4;
        int rounds = 500;
        ConcurrentCalls.run(threads, rounds, (thread, round) -> store.update(key(1), RecordContentTests::counted));
        assertThat(store.get(key(1)).map(Record::value)).contains(Bytes.utf8("" + threads * rounds));
    }

    /** STORE-02: of two concurrent records of one key the better one is stored, in any order of the updates. */
    @Test
    public final void store02RacingUpdatesKeepTheBetterRecord() throws Exception {
        ConcurrentCalls.run(2, 500, (thread, round) -> {
            RecordKey key = key(0);
            Record mine = Record.of(key, Bytes.utf8(String.format("%06d", round * 2 + thread)));
            store.update(key, stored -> Optional.of(better(stored, mine)));
            assertThat(store.get(key).orElseThrow().value()).isGreaterThanOrEqualTo(mine.value());
        });
        assertThat(store.get(key(0)).map(Record::value)).contains(Bytes.utf8("000999"));
    }

    /** STORE-02: a change that throws changes nothing. */
    @Test
    public final void store02AChangeThatFailsLeavesTheStoreAsItWas() throws Exception {
        put(remote(1));
        IllegalStateException failure = new IllegalStateException("a validator failed");
        assertThatThrownBy(() -> store.update(key(1), stored -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThatIllegalArgumentException().isThrownBy(() -> store.update(key(1), stored -> Optional.of(remote(2))));
        assertThatIllegalArgumentException().isThrownBy(() -> store.update(key(3), stored -> Optional.of(remote(2))));
        assertThat(all(10)).containsExactly(remote(1));
    }

    /** STORE-03 */
    @Test
    public final void store03NoMethodReturnsAnExpiredRecord() throws Exception {
        put(expiringIn(1, HOUR));
        put(remote(2));
        clock.advance(HOUR);
        assertThat(store.get(key(1))).isEmpty();
        assertThat(all(10)).containsExactly(remote(2));
        List<Optional<Record>> seen = new ArrayList<>();
        store.update(key(1), stored -> {
            seen.add(stored);
            return stored;
        });
        assertThat(seen).isNotEmpty().allMatch(Optional::isEmpty);
    }

    /** STORE-03: a record that is expired when it is stored is never returned. */
    @Test
    public final void store03ARecordStoredAfterItsExpiryIsNotReturned() throws Exception {
        Record late = expiringIn(1, HOUR.negated());
        assertThat(put(late)).isEmpty();
        assertThat(store.get(key(1))).isEmpty();
        assertThat(all(10)).isEmpty();
    }

    /** STORE-03: removal in steps removes all expired records, and no others. */
    @Test
    public final void store03ExpiredRecordsAreRemovedInBoundedSteps() throws Exception {
        for (int i = 0; i < 5; i++) {
            put(expiringIn(i, HOUR));
        }
        put(remote(5));
        put(expiringIn(6, DAY));
        assertThat(store.removeExpired(10)).isZero();
        assertThat(store.size()).isEqualTo(7);
        clock.advance(HOUR);
        int removed;
        int steps = 0;
        do {
            removed = store.removeExpired(2);
            assertThat(removed).isBetween(0, 2);
            assertThat(++steps).isLessThan(10);
        } while (removed == 2);
        assertThat(store.size()).isEqualTo(2);
        assertThat(all(10)).containsExactlyInAnyOrder(remote(5), expiringIn(6, DAY.minus(HOUR)));
    }

    /** STORE-04 */
    @Test
    public final void store04ARecordIsReturnedUntilTheInstantOfItsExpiry() throws Exception {
        Record record = expiringIn(1, HOUR);
        put(record);
        put(remote(2));
        clock.advance(HOUR.minusNanos(1));
        assertThat(store.get(key(1))).contains(record);
        clock.advance(Duration.ofNanos(1));
        assertThat(store.get(key(1))).isEmpty();
        clock.advance(Duration.ofDays(20_000));
        assertThat(store.get(key(2))).contains(remote(2));
    }

    /** STORE-04: expiry follows the time of the clock, not the elapsed time. */
    @Test
    public final void store04AClockThatStepsBackKeepsRecordsUntilTheirInstant() throws Exception {
        Record earlier = expiringIn(1, HOUR);
        put(earlier);
        clock.advance(DAY.negated());
        Record later = expiringIn(2, HOUR);
        put(later);
        assertThat(all(10)).containsExactlyInAnyOrder(earlier, later);
        clock.advance(HOUR);
        assertThat(all(10)).containsExactly(earlier);
        clock.advance(DAY.minusNanos(1));
        assertThat(store.get(key(1))).contains(earlier);
        clock.advance(Duration.ofNanos(1));
        assertThat(store.get(key(1))).isEmpty();
    }

    /** STORE-04: correcting a wrong clock does not affect records that were stored with the right time. */
    @Test
    public final void store04AClockThatStepsForwardExpiresOnlyExpiredRecords() throws Exception {
        Record lasting = expiringIn(1, DAY.multipliedBy(2));
        put(lasting);
        put(expiringIn(2, HOUR));
        clock.advance(DAY);
        assertThat(all(10)).containsExactly(lasting);
        Record renewed = expiringIn(2, HOUR);
        put(renewed);
        clock.advance(DAY.negated());
        assertThat(store.get(key(1))).contains(lasting);
        assertThat(store.get(key(2))).contains(renewed);
    }

    /** STORE-04: replacing a record replaces its expiry. */
    @Test
    public final void store04TheExpiryOfTheLatestRecordCounts() throws Exception {
        put(expiringIn(1, HOUR));
        Record longer = expiringIn(1, DAY);
        put(longer);
        put(expiringIn(2, DAY));
        put(expiringIn(2, HOUR));
        clock.advance(HOUR);
        assertThat(store.get(key(1))).contains(longer);
        assertThat(store.get(key(2))).isEmpty();
        assertThat(store.removeExpired(10)).isLessThanOrEqualTo(1);
        assertThat(store.get(key(1))).contains(longer);
    }

    /** STORE-02: concurrent single and batch updates of several keys never lose the better record. */
    @Test
    public final void store02RacingUpdatesOfManyKeysKeepTheBetterRecords() throws Exception {
        int keys = 4;
        int threads = 3;
        int rounds = 150;
        ConcurrentCalls.run(threads, rounds, (thread, round) -> {
            List<RecordChange> changes = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                Record mine =
                        Record.of(key(i), Bytes.utf8(String.format("%06d", round * threads + (thread + i) % threads)));
                changes.add(new RecordChange(key(i), stored -> Optional.of(better(stored, mine))));
            }
            if (thread == 0) {
                store.updateAll(changes);
            } else {
                for (RecordChange change : changes) {
                    store.update(change.key(), change.change());
                }
            }
            for (RecordChange change : changes) {
                Record mine = change.change().apply(Optional.empty()).orElseThrow();
                assertThat(store.get(change.key()).orElseThrow().value()).isGreaterThanOrEqualTo(mine.value());
            }
        });
        Bytes best = Bytes.utf8(String.format("%06d", rounds * threads - 1));
        assertThat(all(2)).hasSize(keys).allMatch(record -> record.value().equals(best));
    }

    private static Optional<Record> counted(Optional<Record> stored) {
        int count = stored.map(record -> Integer.parseInt(record.value().utf8().orElseThrow()))
                .orElse(0);
        return Optional.of(Record.of(key(1), Bytes.utf8("" + (count + 1))));
    }

    private static Record better(Optional<Record> stored, Record mine) {
        return stored.filter(record -> record.value().compareTo(mine.value()) > 0)
                .orElse(mine);
    }
}
