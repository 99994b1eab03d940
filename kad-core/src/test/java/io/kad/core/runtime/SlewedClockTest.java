package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.StoreException;
import io.kad.core.engine.Peers;
import io.kad.core.peer.HeapProviderStore;
import io.kad.core.peer.HeapRecordStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlewedClockTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration TTL = Duration.ofDays(2);
    private static final PeerId SELF = Peers.peer(0);
    private static final RecordKey KEY = RecordKey.utf8("key");

    private long nanos;
    private Instant wall = START;
    private final SlewedClock clock = new SlewedClock(() -> nanos, () -> wall);
    private final HeapRecordStore records = new HeapRecordStore();
    private final SlewedClockRecordStore store = new SlewedClockRecordStore(records, clock, SELF);

    private void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    private Instant passed(Duration time) {
        return START.plus(time);
    }

    @Test
    void withoutAJumpItIsTheWallClock() {
        pass(Duration.ofDays(400));
        assertThat(clock.instant()).isEqualTo(wall);
        wall = wall.plus(SlewedClock.MAX_STEP);
        assertThat(clock.instant()).as("a correction").isEqualTo(wall);
        wall = wall.minus(SlewedClock.MAX_STEP);
        assertThat(clock.instant()).as("a correction").isEqualTo(wall);
        assertThat(clock.ahead()).isZero();
    }

    @Test
    void itGoesOnWhenTheWallClockJumpsForwardAndCatchesUp() {
        wall = wall.plus(Duration.ofDays(2));
        assertThat(clock.instant()).isEqualTo(START);
        pass(Duration.ofHours(22));
        assertThat(clock.instant())
                .as("what is renewed every 22 hours lives on")
                .isEqualTo(passed(Duration.ofHours(33)));
        pass(Duration.ofDays(4));
        assertThat(clock.instant()).isEqualTo(wall);
        assertThat(clock.ahead()).isZero();
    }

    @Test
    void itGoesOnWhenTheWallClockJumpsBackAndWaitsForIt() {
        wall = wall.minus(Duration.ofDays(2));
        assertThat(clock.instant()).isEqualTo(START);
        pass(Duration.ofDays(2));
        assertThat(clock.instant()).isEqualTo(passed(Duration.ofDays(1)));
        pass(Duration.ofDays(2));
        assertThat(clock.instant()).isEqualTo(wall).isEqualTo(passed(Duration.ofDays(2)));
    }

    @Test
    void jumpsAddUpAndCancelOut() {
        for (int i = 0; i < 3; i++) {
            wall = wall.plus(Duration.ofDays(2));
            assertThat(clock.instant()).isEqualTo(START);
        }
        assertThat(clock.ahead()).isEqualTo(Duration.ofDays(6));
        wall = START;
        assertThat(clock.instant()).isEqualTo(START);
        assertThat(clock.ahead()).isZero();
    }

    /** The wall clock is mended: what this clock has followed it until then is no reason to stay wrong for as long. */
    @ParameterizedTest
    @ValueSource(longs = {2, -2})
    void aJumpThatIsTakenBackLeavesNothing(long days) {
        wall = wall.plus(Duration.ofDays(days));
        assertThat(clock.instant()).isEqualTo(START);
        pass(Duration.ofDays(1));
        assertThat(clock.instant()).isNotEqualTo(passed(Duration.ofDays(1)));
        wall = passed(Duration.ofDays(1)).plusSeconds(3);
        assertThat(clock.instant()).isEqualTo(wall);
        assertThat(clock.ahead()).isZero();
    }

    /** The difference shrinks all the time; else an update that compares what was read before would never succeed. */
    @Test
    void aRecordThatIsReadTwiceInARowIsTheSame() throws StoreException {
        store.update(KEY, stored -> Optional.of(Record.of(KEY, Bytes.utf8("v")).withTtl(TTL, wall)));
        wall = wall.plus(Duration.ofDays(2));
        int changes = 0;
        for (int i = 0; i < 1000; i++) {
            Optional<Record> before = store.get(KEY);
            pass(Duration.ofNanos(50_000));
            changes += store.get(KEY).equals(before) ? 0 : 1;
        }
        assertThat(changes).isLessThanOrEqualTo(1);
    }

    @Test
    void theEarliestTimeIsThatOfTheSlowerClock() {
        wall = wall.plus(Duration.ofDays(2));
        assertThat(clock.earlierOfBoth()).isEqualTo(START);
        wall = START.minus(Duration.ofDays(2));
        assertThat(clock.earlierOfBoth()).isEqualTo(wall);
    }

    /** A suspension of two days, or a clock that is set: the user has named a time, and not a duration. */
    @ParameterizedTest
    @ValueSource(longs = {2, -2})
    void anExpiryThatTheUserSetStays(long days) throws StoreException {
        Record own = Record.of(KEY, Bytes.utf8("v")).withPublisher(SELF).withTtl(Duration.ofDays(1), wall);
        Record later = Record.of(RecordKey.utf8("later"), Bytes.utf8("v"))
                .withPublisher(SELF)
                .withTtl(Duration.ofDays(9), wall);
        store.updateAll(List.of(RecordChange.put(own), RecordChange.put(later)));
        wall = wall.plus(Duration.ofDays(days));

        assertThat(store.get(later.key())).contains(later);
        assertThat(store.get(KEY)).isEqualTo(days > 0 ? Optional.empty() : Optional.of(own));
        assertThat(store.localPage(Optional.empty(), 10).items())
                .isEqualTo(days > 0 ? List.of(later) : List.of(own, later));
        Record next = own.withTtl(Duration.ofHours(1), wall);
        assertThat(store.update(KEY, stored -> {
                    assertThat(stored).isEqualTo(days > 0 ? Optional.empty() : Optional.of(own));
                    return Optional.of(next);
                }))
                .contains(next);
        assertThat(clock.earlierOfBoth())
                .as("by which the store would drop it")
                .isBefore(next.expires().orElseThrow());
        pass(Duration.ofHours(1));
        assertThat(store.get(KEY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "+9999999-01-01T00:00:00Z"})
    void noJumpOverflows(Instant jumped) {
        wall = jumped;
        assertThat(clock.instant()).isNotNull();
        wall = START;
        pass(Duration.ofDays(4));
        assertThat(clock.instant()).isNotNull();
    }

    @Test
    void aRecordKeepsTheLifetimeThatItHad() throws StoreException {
        Record record = Record.of(KEY, Bytes.utf8("v")).withTtl(TTL, wall).withTimeReceived(wall);
        store.update(KEY, stored -> Optional.of(record));
        wall = wall.plus(Duration.ofDays(2));

        Record read = store.get(KEY).orElseThrow();
        assertThat(read.isExpired(wall)).isFalse();
        assertThat(read.expires()).contains(wall.plus(TTL));
        assertThat(read.timeReceived()).contains(wall);
        assertThat(store.page(Optional.empty(), 10).items()).containsExactly(read);
        assertThat(records.get(KEY)).as("unchanged in the store").contains(record);
        pass(Duration.ofHours(32));
        assertThat(store.get(KEY)).as("in the end").isEmpty();
    }

    @Test
    void aChangeSeesAndMakesTimesOfTheWallClock() throws StoreException {
        wall = wall.minus(Duration.ofDays(2));
        Record record = Record.of(KEY, Bytes.utf8("v")).withTtl(TTL, wall);
        store.updateAll(List.of(RecordChange.put(record)));
        assertThat(records.get(KEY).orElseThrow().expires()).contains(START.plus(TTL));
        assertThat(store.update(KEY, stored -> {
                    assertThat(stored).contains(record);
                    return stored;
                }))
                .contains(record);
        assertThat(store.get(KEY)).contains(record);
    }

    @Test
    void aRecordThatNeverExpiresStays() throws StoreException {
        wall = wall.plus(Duration.ofDays(2));
        for (Instant end : List.of(Instant.MAX, Instant.MIN)) {
            Record record = Record.of(KEY, Bytes.utf8("v")).withExpires(Optional.of(end));
            store.update(KEY, stored -> Optional.of(record));
            assertThat(store.get(KEY).isEmpty()).isEqualTo(end.equals(Instant.MIN));
        }
        store.update(KEY, stored -> Optional.of(Record.of(KEY, Bytes.utf8("v"))));
        assertThat(store.get(KEY).orElseThrow().expires()).isEmpty();
    }

    @Test
    void aProviderRecordKeepsTheLifetimeThatItHad() throws StoreException {
        SlewedClockProviderStore providers = new SlewedClockProviderStore(new HeapProviderStore(), clock);
        ProviderRecord record = new ProviderRecord(KEY, Peers.peer(1), List.of(), Optional.of(wall.plus(TTL)));
        providers.add(record);
        wall = wall.plus(Duration.ofDays(2));
        assertThat(providers.providers(KEY, 10))
                .extracting(ProviderRecord::expires)
                .containsExactly(Optional.of(wall.plus(TTL)));
        providers.addAll(providers.providers(KEY, 10));
        assertThat(providers.providers(KEY, 10))
                .extracting(ProviderRecord::expires)
                .containsExactly(Optional.of(wall.plus(TTL)));
    }
}
