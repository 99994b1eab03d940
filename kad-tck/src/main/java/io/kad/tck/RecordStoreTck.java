package io.kad.tck;

import static io.kad.tck.Samples.SELF;
import static io.kad.tck.Samples.foreign;
import static io.kad.tck.Samples.key;
import static io.kad.tck.Samples.own;
import static io.kad.tck.Samples.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.Page;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests that any {@link RecordStore} must pass; extend it and say how a store is made.
 *
 * <p>Each test gets a store of its own, whose clock stands still unless the test moves it.
 */
public abstract class RecordStoreTck {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Limits LIMITS = new Limits(8, 4, 1024);

    private final TestClock clock = new TestClock();
    private RecordStore store;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // the store is made before each test
    protected RecordStoreTck() {}

    /**
     * The limits that a store under test keeps to.
     *
     * @param foreignRecords how many records it holds whose publisher is another peer, or that name none
     * @param ownRecords how many it holds whose publisher is {@link SpiContext#self()}
     * @param valueBytes the size of the largest value
     */
    public record Limits(int foreignRecords, int ownRecords, int valueBytes) {}

    /**
     * Returns a new, empty store with the given limits; any other limit is generous. The test closes it.
     *
     * @param context has a data directory that exists and is empty, no options, and an executor that runs tasks at once
     */
    protected abstract RecordStore createStore(SpiContext context, Limits limits) throws Exception;

    /** Makes the store of a test. */
    @BeforeEach
    public final void openStore(@TempDir Path directory) throws Exception {
        store = createStore(new SpiContext(SELF, clock, Optional.of(directory), Map.of(), Runnable::run), LIMITS);
    }

    /** Closes the store of a test. */
    @AfterEach
    public final void closeStore() throws Exception {
        store.close();
    }

    /** STORE-01, for a record that uses every field. */
    @Test
    public final void store01ReturnsARecordWithEveryFieldUnchanged() throws Exception {
        Record record = new Record(
                RecordKey.of(Bytes.of((byte) 0, (byte) 0xff, (byte) '/', (byte) 0)),
                Bytes.of((byte) 0xfe, (byte) 0, (byte) 1),
                Optional.of(Samples.peer(7)),
                Optional.of(clock.instant().plus(HOUR).plusNanos(1)),
                Optional.of(clock.instant().minusNanos(987_654_321)));
        assertThat(put(record)).contains(record);
        assertThat(store.get(record.key())).contains(record);
        assertThat(all(10)).containsExactly(record);
    }

    /** STORE-01, for a record that uses as few fields as there can be. */
    @Test
    public final void store01ReturnsAnEmptyValueAndAbsentFields() throws Exception {
        Record record = Record.of(key(1), Bytes.EMPTY);
        put(record);
        assertThat(store.get(key(1))).contains(record);
        assertThat(store.get(key(2))).isEmpty();
    }

    /** STORE-01 ends where a record is removed. */
    @Test
    public final void store01RemovesWhatAnUpdateMakesEmpty() throws Exception {
        put(foreign(1));
        put(foreign(2));
        assertThat(store.update(key(1), held -> Optional.empty())).isEmpty();
        assertThat(store.get(key(1))).isEmpty();
        assertThat(store.size()).isEqualTo(1);
        assertThat(all(10)).containsExactly(foreign(2));
    }

    /** STORE-02: the change sees what is held, and what it returns is what is held then. */
    @Test
    public final void store02UpdateReceivesWhatIsHeldAndMayLeaveIt() throws Exception {
        List<Optional<Record>> seen = new ArrayList<>();
        store.update(key(1), held -> {
            seen.add(held);
            return Optional.of(foreign(1));
        });
        Optional<Record> left = store.update(key(1), held -> {
            seen.add(held);
            return held;
        });
        assertThat(left).contains(foreign(1));
        assertThat(seen.get(0)).isEmpty();
        assertThat(seen.get(seen.size() - 1)).contains(foreign(1));
        assertThat(store.get(key(1))).contains(foreign(1));
    }

    /** STORE-02 */
    @Test
    public final void store02UpdateIsAtomicForEachKey() throws Exception {
        int threads = 4;
        int rounds = 500;
        Together.run(threads, rounds, (thread, round) -> store.update(key(1), RecordStoreTck::counted));
        assertThat(store.get(key(1)).map(Record::value)).contains(Bytes.utf8("" + threads * rounds));
    }

    /** STORE-02: of two records for one key, the better one stays, whatever the order they come in. */
    @Test
    public final void store02RacingUpdatesKeepTheBetterRecord() throws Exception {
        Together.run(2, 500, (thread, round) -> {
            RecordKey key = key(0);
            Record mine = Record.of(key, Bytes.utf8(String.format("%06d", round * 2 + thread)));
            store.update(key, held -> Optional.of(better(held, mine)));
            assertThat(store.get(key).orElseThrow().value()).isGreaterThanOrEqualTo(mine.value());
        });
        assertThat(store.get(key(0)).map(Record::value)).contains(Bytes.utf8("000999"));
    }

    /** STORE-02: a change that fails changes nothing. */
    @Test
    public final void store02AChangeThatFailsLeavesTheStoreAsItWas() throws Exception {
        put(foreign(1));
        IllegalStateException failure = new IllegalStateException("a validator failed");
        assertThatThrownBy(() -> store.update(key(1), held -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThatIllegalArgumentException().isThrownBy(() -> store.update(key(1), held -> Optional.of(foreign(2))));
        assertThatIllegalArgumentException().isThrownBy(() -> store.update(key(3), held -> Optional.of(foreign(2))));
        assertThat(all(10)).containsExactly(foreign(1));
    }

    /** STORE-03 */
    @Test
    public final void store03AnExpiredRecordIsReturnedByNoMethod() throws Exception {
        put(expiringIn(1, HOUR));
        put(foreign(2));
        clock.advance(HOUR);
        assertThat(store.get(key(1))).isEmpty();
        assertThat(all(10)).containsExactly(foreign(2));
        List<Optional<Record>> seen = new ArrayList<>();
        store.update(key(1), held -> {
            seen.add(held);
            return held;
        });
        assertThat(seen).isNotEmpty().allMatch(Optional::isEmpty);
    }

    /** STORE-03: a record that is expired when it arrives is never returned either. */
    @Test
    public final void store03ARecordThatComesTooLateIsNotReturned() throws Exception {
        Record late = expiringIn(1, HOUR.negated());
        assertThat(put(late)).isEmpty();
        assertThat(store.get(key(1))).isEmpty();
        assertThat(all(10)).isEmpty();
    }

    /** STORE-03: expired records are removed in steps, and only they. */
    @Test
    public final void store03ExpiredRecordsAreRemovedInBoundedSteps() throws Exception {
        for (int i = 0; i < 5; i++) {
            put(expiringIn(i, HOUR));
        }
        put(foreign(5));
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
        assertThat(all(10)).containsExactlyInAnyOrder(foreign(5), expiringIn(6, DAY.minus(HOUR)));
    }

    /** STORE-04 */
    @Test
    public final void store04ARecordLivesUntilTheVeryInstantOfItsExpiry() throws Exception {
        Record record = expiringIn(1, HOUR);
        put(record);
        put(foreign(2));
        clock.advance(HOUR.minusNanos(1));
        assertThat(store.get(key(1))).contains(record);
        clock.advance(Duration.ofNanos(1));
        assertThat(store.get(key(1))).isEmpty();
        clock.advance(Duration.ofDays(20_000));
        assertThat(store.get(key(2))).contains(foreign(2));
    }

    /** STORE-04: what counts is what the clock shows, not the time that went by. */
    @Test
    public final void store04AClockThatStepsBackKeepsRecordsUntilTheirInstant() throws Exception {
        Record before = expiringIn(1, HOUR);
        put(before);
        clock.advance(DAY.negated());
        Record after = expiringIn(2, HOUR);
        put(after);
        assertThat(all(10)).containsExactlyInAnyOrder(before, after);
        clock.advance(HOUR);
        assertThat(all(10)).containsExactly(before);
        clock.advance(DAY.minusNanos(1));
        assertThat(store.get(key(1))).contains(before);
        clock.advance(Duration.ofNanos(1));
        assertThat(store.get(key(1))).isEmpty();
    }

    /** STORE-04: a clock set right after a wrong start makes nothing wrong that was stored with the right time. */
    @Test
    public final void store04AClockThatStepsForthExpiresOnlyWhatIsDue() throws Exception {
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

    /** STORE-05 */
    @Test
    public final void store05AFullStoreRefusesAndKeepsWhatItHas() throws Exception {
        List<Record> held = fillForeign();
        assertThatThrownBy(() -> put(foreign(100))).isInstanceOf(StoreException.Full.class);
        assertThat(store.get(key(100))).isEmpty();
        assertThat(all(3)).containsExactlyInAnyOrderElementsOf(held);
        assertThat(store.size()).isEqualTo(LIMITS.foreignRecords());
    }

    /** STORE-05: a place that became free is used. */
    @Test
    public final void store05ARemovedOrExpiredRecordGivesItsPlace() throws Exception {
        for (int i = 1; i < LIMITS.foreignRecords(); i++) {
            put(foreign(i));
        }
        put(expiringIn(0, HOUR));
        clock.advance(HOUR);
        put(foreign(100));
        store.update(key(1), held -> Optional.empty());
        put(foreign(101));
        assertThatThrownBy(() -> put(foreign(102))).isInstanceOf(StoreException.Full.class);
        assertThat(all(10)).hasSize(LIMITS.foreignRecords()).contains(foreign(100), foreign(101));
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

    /** STORE-05, with writers at once: as many are acknowledged as there are places, and these are held. */
    @Test
    public final void store05WritersAtOnceShareTheLimit() throws Exception {
        TreeSet<Integer> acknowledged = new TreeSet<>();
        Together.run(4, 10, (thread, round) -> {
            int number = round * 4 + thread;
            try {
                put(foreign(number));
                synchronized (acknowledged) {
                    acknowledged.add(number);
                }
            } catch (StoreException.Full full) {
                assertThat(store.get(key(number))).isEmpty();
            }
        });
        assertThat(acknowledged).hasSize(LIMITS.foreignRecords());
        assertThat(all(3))
                .containsExactlyInAnyOrderElementsOf(
                        acknowledged.stream().map(Samples::foreign).toList());
    }

    /** STORE-06 */
    @Test
    public final void store06OwnRecordsAreLimitedApartFromForeignOnes() throws Exception {
        fillForeign();
        for (int i = 0; i < LIMITS.ownRecords(); i++) {
            put(own(200 + i));
        }
        assertThatThrownBy(() -> put(own(300))).isInstanceOf(StoreException.Full.class);
        assertThatThrownBy(() -> put(foreign(100))).isInstanceOf(StoreException.Full.class);
        assertThat(all(5)).hasSize(LIMITS.foreignRecords() + LIMITS.ownRecords());
        store.update(key(200), held -> Optional.empty());
        assertThatThrownBy(() -> put(foreign(100))).isInstanceOf(StoreException.Full.class);
        put(own(300));
    }

    /** STORE-06: a full share of own records takes nothing from others. */
    @Test
    public final void store06ForeignRecordsAreTakenWhileOwnOnesAreFull() throws Exception {
        for (int i = 0; i < LIMITS.ownRecords(); i++) {
            put(own(200 + i));
        }
        assertThatThrownBy(() -> put(own(300))).isInstanceOf(StoreException.Full.class);
        fillForeign();
        assertThat(all(5)).hasSize(LIMITS.foreignRecords() + LIMITS.ownRecords());
    }

    /** STORE-07 */
    @Test
    public final void store07AFullStoreTakesReplacements() throws Exception {
        List<Record> held = fillForeign();
        for (Record record : held) {
            put(Record.of(record.key(), value(1000)));
        }
        assertThat(all(3)).hasSameSizeAs(held).allMatch(record -> record.value().equals(value(1000)));
    }

    /** STORE-07: whoever published the record before or publishes it now. */
    @Test
    public final void store07AReplacementMayChangeThePublisher() throws Exception {
        fillForeign();
        for (int i = 0; i < LIMITS.ownRecords(); i++) {
            put(own(200 + i));
        }
        put(own(0));
        put(foreign(200));
        assertThat(store.get(key(0))).contains(own(0));
        assertThat(store.get(key(200))).contains(foreign(200));
        assertThat(all(5)).hasSize(LIMITS.foreignRecords() + LIMITS.ownRecords());
    }

    /** STORE-08 */
    @Test
    public final void store08PagesHoldEachRecordOnce() throws Exception {
        assertThat(all(3)).isEmpty();
        List<Record> held = fillForeign();
        for (int limit : new int[] {1, 2, 3, LIMITS.foreignRecords(), 1000}) {
            assertThat(all(limit)).as("pages of %d", limit).containsExactlyInAnyOrderElementsOf(held);
        }
    }

    /** STORE-08, with writes between the pages. */
    @Test
    public final void store08PagesSurviveWritesBetweenThem() throws Exception {
        List<Record> lasting =
                IntStream.range(0, 4).mapToObj(i -> foreign(2 * i)).toList();
        for (Record record : lasting) {
            put(record);
        }
        for (int visitor = 1; visitor < 8; visitor += 2) {
            int coming = visitor;
            put(foreign(coming));
            AtomicBoolean present = new AtomicBoolean(true);
            List<Record> seen = all(1, () -> {
                if (present.get()) {
                    store.update(key(coming), held -> Optional.empty());
                } else {
                    put(foreign(coming));
                }
                present.set(!present.get());
            });
            assertThat(seen).doesNotHaveDuplicates().containsAll(lasting);
            store.update(key(coming), held -> Optional.empty());
        }
    }

    /** STORE-08, with a writer in another thread. */
    @Test
    public final void store08PagesSurviveConcurrentWrites() throws Exception {
        List<Record> lasting =
                IntStream.range(0, 4).mapToObj(i -> foreign(2 * i)).toList();
        for (Record record : lasting) {
            put(record);
        }
        Together.run(2, 200, (thread, round) -> {
            if (thread == 0) {
                int coming = 1 + 2 * (round % 3);
                put(foreign(coming));
                store.update(key(coming), held -> Optional.empty());
            } else {
                assertThat(all(2)).doesNotHaveDuplicates().containsAll(lasting);
            }
        });
    }

    /** STORE-09 */
    @Test
    public final void store09EveryCallFailsAfterClose() throws Exception {
        put(foreign(1));
        store.close();
        assertThatThrownBy(() -> store.get(key(1))).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> put(foreign(2))).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.page(Optional.empty(), 1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.removeExpired(1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.size()).isInstanceOf(StoreException.Closed.class);
        store.close();
    }

    /** STORE-10 */
    @Test
    public final void store10AllMethodsMayBeCalledFromSeveralThreads() throws Exception {
        int threads = 4;
        int rounds = 300;
        Together.run(threads, rounds, (thread, round) -> {
            RecordKey mine = key(thread);
            Record record = Record.of(mine, value(round))
                    .withExpires(Optional.of(clock.instant().plus(HOUR)));
            put(record);
            assertThat(store.get(mine)).contains(record);
            assertThat(all(2)).contains(record);
            assertThat(store.removeExpired(10)).isZero();
            assertThat(store.size()).isBetween(1L, (long) threads);
            store.update(mine, held -> Optional.empty());
            assertThat(store.get(mine)).isEmpty();
        });
        assertThat(store.size()).isZero();
    }

    private Optional<Record> put(Record record) throws StoreException {
        return store.update(record.key(), held -> Optional.of(record));
    }

    private List<Record> fillForeign() throws StoreException {
        List<Record> held = new ArrayList<>();
        for (int i = 0; i < LIMITS.foreignRecords(); i++) {
            // one without a publisher is foreign as well
            Record record = i == 0 ? Record.of(key(i), value(i)) : foreign(i);
            put(record);
            held.add(record);
        }
        return held;
    }

    private Record expiringIn(int number, Duration time) {
        return foreign(number).withExpires(Optional.of(clock.instant().plus(time)));
    }

    private List<Record> all(int limit) throws StoreException {
        return all(limit, () -> {});
    }

    private List<Record> all(int limit, Between between) throws StoreException {
        List<Record> seen = new ArrayList<>();
        Optional<Bytes> cursor = Optional.empty();
        int pages = 0;
        do {
            Page<Record> page = store.page(cursor, limit);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            assertThat(++pages).as("pages come to an end").isLessThan(1000);
            seen.addAll(page.items());
            cursor = page.next();
            between.run();
        } while (cursor.isPresent());
        return seen;
    }

    private static Optional<Record> counted(Optional<Record> held) {
        int count = held.map(record -> Integer.parseInt(record.value().utf8().orElseThrow()))
                .orElse(0);
        return Optional.of(Record.of(key(1), Bytes.utf8("" + (count + 1))));
    }

    private static Record better(Optional<Record> held, Record mine) {
        return held.filter(record -> record.value().compareTo(mine.value()) > 0).orElse(mine);
    }

    @FunctionalInterface
    private interface Between {
        void run() throws StoreException;
    }
}
