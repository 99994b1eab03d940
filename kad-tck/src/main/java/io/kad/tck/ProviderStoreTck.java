package io.kad.tck;

import static io.kad.tck.Samples.SELF;
import static io.kad.tck.Samples.addresses;
import static io.kad.tck.Samples.key;
import static io.kad.tck.Samples.peer;
import static io.kad.tck.Samples.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.Page;
import io.kad.api.spi.ProviderStore;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests that any {@link ProviderStore} must pass; extend it and say how a store is made.
 *
 * <p>Each test gets a store of its own, whose clock stands still unless the test moves it.
 */
public abstract class ProviderStoreTck {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Limits LIMITS = new Limits(8, 4, 3);
    private static final int ALL = 1000;

    private final TestClock clock = new TestClock();
    private ProviderStore store;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // the store is made before each test
    protected ProviderStoreTck() {}

    /**
     * The limits that a store under test keeps to. A store may count records or keys: where the limit in all is tested,
     * each key has one provider.
     *
     * @param foreign how many records, or keys that have such records, it holds whose provider is another peer
     * @param own how many it holds whose provider is {@link SpiContext#self()}
     * @param foreignPerKey how many records of other peers it holds for one key
     */
    public record Limits(int foreign, int own, int foreignPerKey) {}

    /**
     * Returns a new, empty store with the given limits; any other limit is generous. The test closes it.
     *
     * @param context has a data directory that exists and is empty, no options, and an executor that runs tasks at once
     */
    protected abstract ProviderStore createStore(SpiContext context, Limits limits) throws Exception;

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

    /** PROVIDER-01 */
    @Test
    public final void provider01ReturnsARecordWithEveryFieldUnchanged() throws Exception {
        ProviderRecord full = new ProviderRecord(
                RecordKey.of(Bytes.of((byte) 0, (byte) 0xff, (byte) 0)),
                peer(1),
                addresses(1),
                Optional.of(clock.instant().plus(HOUR).plusNanos(1)));
        ProviderRecord bare = new ProviderRecord(key(2), peer(2), List.of(), Optional.empty());
        store.add(full);
        store.add(bare);
        assertThat(store.providers(full.key(), ALL)).containsExactly(full);
        assertThat(store.providers(key(2), ALL)).containsExactly(bare);
        assertThat(store.providers(key(3), ALL)).isEmpty();
        assertThat(store.size()).isEqualTo(2);
    }

    /** PROVIDER-01 ends where a record is removed. */
    @Test
    public final void provider01RemovesOneRecordOfAKey() throws Exception {
        store.add(provider(key(1), peer(1)));
        store.add(provider(key(1), peer(2)));
        assertThat(store.remove(key(1), peer(1))).isTrue();
        assertThat(store.remove(key(1), peer(1))).isFalse();
        assertThat(store.remove(key(2), peer(2))).isFalse();
        assertThat(store.providers(key(1), ALL)).containsExactly(provider(key(1), peer(2)));
        assertThat(store.size()).isEqualTo(1);
    }

    /** PROVIDER-02 */
    @Test
    public final void provider02AddingAgainReplaces() throws Exception {
        store.add(provider(key(1), peer(1)));
        ProviderRecord renewed = new ProviderRecord(
                key(1), peer(1), addresses(2), Optional.of(clock.instant().plus(HOUR)));
        store.add(renewed);
        assertThat(store.providers(key(1), ALL)).containsExactly(renewed);
        assertThat(store.size()).isEqualTo(1);
    }

    /** PROVIDER-02: a reader sees the old record or the new one, never none and never both. */
    @Test
    public final void provider02ReplacesAtomically() throws Exception {
        store.add(provider(key(1), peer(1)));
        Together.run(2, 500, (thread, round) -> {
            if (thread == 0) {
                store.add(new ProviderRecord(key(1), peer(1), addresses(round), Optional.empty()));
            } else {
                assertThat(store.providers(key(1), ALL)).hasSize(1);
            }
        });
    }

    /** PROVIDER-02 and its like: providers of one key that come at once are all there. */
    @Test
    public final void provider02AddingAtOnceLosesNobody() throws Exception {
        Together.run(LIMITS.foreignPerKey(), 200, (thread, round) -> {
            store.add(provider(key(1), peer(thread + 1)));
            assertThat(store.providers(key(1), ALL))
                    .extracting(ProviderRecord::provider)
                    .contains(peer(thread + 1));
            assertThat(store.remove(key(1), peer(thread + 1))).isTrue();
        });
        assertThat(store.size()).isZero();
    }

    /** PROVIDER-03 */
    @Test
    public final void provider03AnExpiredRecordIsReturnedByNoMethod() throws Exception {
        store.add(expiringIn(key(1), peer(1), HOUR));
        store.add(provider(key(1), peer(2)));
        store.add(expiringIn(key(1), SELF, HOUR));
        clock.advance(HOUR);
        assertThat(store.providers(key(1), ALL)).containsExactly(provider(key(1), peer(2)));
        assertThat(store.providers(key(1), 1)).containsExactly(provider(key(1), peer(2)));
        assertThat(own(10)).isEmpty();
        assertThat(store.remove(key(1), peer(1))).isFalse();
        assertThat(store.remove(key(1), SELF)).isFalse();
    }

    /** PROVIDER-03: a record that is expired when it arrives is never returned either. */
    @Test
    public final void provider03ARecordThatComesTooLateIsNotReturned() throws Exception {
        store.add(provider(key(1), peer(1)));
        store.add(expiringIn(key(1), peer(1), HOUR.negated()));
        store.add(expiringIn(key(2), peer(2), HOUR.negated()));
        assertThat(store.providers(key(1), ALL)).isEmpty();
        assertThat(store.providers(key(2), ALL)).isEmpty();
    }

    /** PROVIDER-03: the wall clock decides, to the instant. */
    @Test
    public final void provider03ARecordLivesUntilTheVeryInstantOfItsExpiry() throws Exception {
        ProviderRecord record = expiringIn(key(1), peer(1), HOUR);
        store.add(record);
        store.add(provider(key(2), SELF));
        clock.advance(HOUR.minusNanos(1));
        assertThat(store.providers(key(1), ALL)).containsExactly(record);
        clock.advance(Duration.ofNanos(1));
        assertThat(store.providers(key(1), ALL)).isEmpty();
        clock.advance(Duration.ofDays(20_000));
        assertThat(own(10)).containsExactly(provider(key(2), SELF));
    }

    /** PROVIDER-03: what counts is what the clock shows, not the time that went by. */
    @Test
    public final void provider03AClockThatStepsBackKeepsRecordsUntilTheirInstant() throws Exception {
        ProviderRecord before = expiringIn(key(1), peer(1), HOUR);
        store.add(before);
        clock.advance(DAY.negated());
        store.add(expiringIn(key(1), peer(2), HOUR));
        assertThat(store.providers(key(1), ALL)).hasSize(2);
        clock.advance(HOUR);
        assertThat(store.providers(key(1), ALL)).containsExactly(before);
        clock.advance(DAY.minusNanos(1));
        assertThat(store.providers(key(1), ALL)).containsExactly(before);
        clock.advance(Duration.ofNanos(1));
        assertThat(store.providers(key(1), ALL)).isEmpty();
    }

    /** PROVIDER-03: expired records are removed in steps, and only they. */
    @Test
    public final void provider03ExpiredRecordsAreRemovedInBoundedSteps() throws Exception {
        for (int i = 0; i < 2; i++) {
            store.add(expiringIn(key(0), peer(i + 1), HOUR));
            store.add(expiringIn(key(i + 1), peer(1), HOUR));
        }
        store.add(provider(key(0), SELF));
        store.add(expiringIn(key(4), peer(1), DAY));
        assertThat(store.removeExpired(10)).isZero();
        assertThat(store.size()).isEqualTo(6);
        clock.advance(HOUR);
        int removed;
        int steps = 0;
        do {
            removed = store.removeExpired(2);
            assertThat(removed).isBetween(0, 2);
            assertThat(++steps).isLessThan(10);
        } while (removed == 2);
        assertThat(store.size()).isEqualTo(2);
        assertThat(store.providers(key(0), ALL)).containsExactly(provider(key(0), SELF));
        assertThat(store.providers(key(4), ALL)).hasSize(1);
    }

    /** PROVIDER-04 */
    @Test
    public final void provider04ProvidersComeInTheOrderOfTheirFirstAdding() throws Exception {
        List<PeerId> order = List.of(peer(3), peer(1), peer(2));
        for (PeerId peer : order) {
            store.add(provider(key(1), peer));
        }
        store.add(new ProviderRecord(key(1), peer(3), addresses(9), Optional.empty()));
        store.add(new ProviderRecord(key(1), peer(1), addresses(9), Optional.empty()));
        assertThat(providersOf(key(1), ALL)).isEqualTo(order);
        assertThat(providersOf(key(1), 2)).isEqualTo(order.subList(0, 2));
        assertThat(providersOf(key(1), 1)).isEqualTo(order.subList(0, 1));
    }

    /** PROVIDER-04: who went and came back is a newcomer. */
    @Test
    public final void provider04AProviderThatWasGoneComesLast() throws Exception {
        store.add(expiringIn(key(1), peer(1), HOUR));
        store.add(provider(key(1), peer(2)));
        store.add(provider(key(1), peer(3)));
        store.remove(key(1), peer(2));
        store.add(provider(key(1), peer(2)));
        assertThat(providersOf(key(1), ALL)).containsExactly(peer(1), peer(3), peer(2));
        clock.advance(HOUR);
        store.add(provider(key(1), peer(1)));
        assertThat(providersOf(key(1), ALL)).containsExactly(peer(3), peer(2), peer(1));
    }

    /** PROVIDER-05, for one key. */
    @Test
    public final void provider05AFullKeyRefusesNewcomers() throws Exception {
        List<PeerId> held = fillKey(key(1));
        assertThatThrownBy(() -> store.add(provider(key(1), peer(100)))).isInstanceOf(StoreException.Full.class);
        assertThat(providersOf(key(1), ALL)).isEqualTo(held);
        assertThat(store.size()).isEqualTo(held.size());
        store.add(provider(key(2), peer(100)));
    }

    /** PROVIDER-05, in all. */
    @Test
    public final void provider05AFullStoreRefusesNewKeys() throws Exception {
        fillStore();
        assertThatThrownBy(() -> store.add(provider(key(100), peer(1)))).isInstanceOf(StoreException.Full.class);
        assertThat(store.providers(key(100), ALL)).isEmpty();
        assertThat(store.size()).isEqualTo(LIMITS.foreign());
        for (int i = 0; i < LIMITS.foreign(); i++) {
            assertThat(providersOf(key(i), ALL)).containsExactly(peer(1));
        }
    }

    /** PROVIDER-05: a place that became free is used. */
    @Test
    public final void provider05RemovedAndExpiredRecordsGiveTheirPlace() throws Exception {
        for (int i = 2; i < LIMITS.foreign(); i++) {
            store.add(provider(key(i), peer(1)));
        }
        store.add(expiringIn(key(0), peer(1), HOUR));
        store.add(provider(key(1), peer(1)));
        clock.advance(HOUR);
        store.add(provider(key(100), peer(1)));
        store.remove(key(1), peer(1));
        store.add(provider(key(101), peer(1)));
        assertThatThrownBy(() -> store.add(provider(key(102), peer(1)))).isInstanceOf(StoreException.Full.class);
    }

    /** PROVIDER-05: the same within a key. */
    @Test
    public final void provider05RemovedAndExpiredProvidersOfAKeyGiveTheirPlace() throws Exception {
        List<PeerId> held = fillKey(key(1));
        store.remove(key(1), held.get(0));
        store.add(expiringIn(key(1), peer(100), HOUR));
        assertThatThrownBy(() -> store.add(provider(key(1), peer(101)))).isInstanceOf(StoreException.Full.class);
        clock.advance(HOUR);
        store.add(provider(key(1), peer(101)));
        assertThat(providersOf(key(1), ALL)).hasSize(LIMITS.foreignPerKey()).contains(peer(101));
    }

    /** PROVIDER-05, with writers at once: as many are acknowledged as there are places, and these are held. */
    @Test
    public final void provider05WritersAtOnceShareTheLimit() throws Exception {
        TreeSet<PeerId> acknowledged = new TreeSet<>();
        Together.run(4, 10, (thread, round) -> {
            PeerId newcomer = peer(1 + round * 4 + thread);
            try {
                store.add(provider(key(1), newcomer));
                synchronized (acknowledged) {
                    acknowledged.add(newcomer);
                }
            } catch (StoreException.Full full) {
                assertThat(providersOf(key(1), ALL)).doesNotContain(newcomer);
            }
        });
        assertThat(acknowledged).hasSize(LIMITS.foreignPerKey());
        assertThat(providersOf(key(1), ALL)).containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    /** PROVIDER-06 */
    @Test
    public final void provider06OwnRecordsAreLimitedApartFromForeignOnes() throws Exception {
        fillStore();
        for (int i = 0; i < LIMITS.own(); i++) {
            store.add(provider(key(200 + i), SELF));
        }
        assertThatThrownBy(() -> store.add(provider(key(300), SELF))).isInstanceOf(StoreException.Full.class);
        assertThatThrownBy(() -> store.add(provider(key(100), peer(1)))).isInstanceOf(StoreException.Full.class);
        assertThat(own(3)).hasSize(LIMITS.own());
        store.remove(key(200), SELF);
        assertThatThrownBy(() -> store.add(provider(key(100), peer(1)))).isInstanceOf(StoreException.Full.class);
        store.add(provider(key(300), SELF));
    }

    /** PROVIDER-06: a key that others fill has room for this peer, and the other way round. */
    @Test
    public final void provider06AKeyFullOfOthersTakesTheOwnRecord() throws Exception {
        List<PeerId> held = new ArrayList<>(fillKey(key(1)));
        store.add(provider(key(1), SELF));
        held.add(SELF);
        assertThat(providersOf(key(1), ALL)).isEqualTo(held);
        store.add(provider(key(2), SELF));
        assertThat(fillKey(key(2))).hasSize(LIMITS.foreignPerKey());
        assertThat(providersOf(key(2), 1)).containsExactly(SELF);
    }

    /** PROVIDER-06: no flood drives out an own record. */
    @Test
    public final void provider06OwnRecordsNeverGiveWay() throws Exception {
        for (int i = 0; i < LIMITS.own(); i++) {
            store.add(provider(key(i), SELF));
        }
        for (int i = 0; i < 1000; i++) {
            try {
                store.add(provider(key(i % 50), peer(1 + i)));
            } catch (StoreException.Full full) {
                assertThat(providersOf(key(i % 50), ALL)).doesNotContain(peer(1 + i));
            }
        }
        assertThat(own(10)).hasSize(LIMITS.own());
    }

    /** PROVIDER-07 */
    @Test
    public final void provider07AFullStoreTakesReplacements() throws Exception {
        fillStore();
        for (int i = 0; i < LIMITS.own(); i++) {
            store.add(provider(key(i), SELF));
        }
        for (int i = 0; i < LIMITS.foreign(); i++) {
            ProviderRecord renewed = new ProviderRecord(key(i), peer(1), addresses(50), Optional.empty());
            store.add(renewed);
            assertThat(store.providers(key(i), ALL)).contains(renewed);
        }
        for (int i = 0; i < LIMITS.own(); i++) {
            store.add(new ProviderRecord(key(i), SELF, addresses(50), Optional.empty()));
        }
        assertThat(own(10))
                .hasSize(LIMITS.own())
                .allMatch(record -> record.addresses().equals(addresses(50)));
    }

    /** PROVIDER-07, for the limit of one key. */
    @Test
    public final void provider07AFullKeyTakesReplacements() throws Exception {
        List<PeerId> held = fillKey(key(1));
        for (PeerId peer : held) {
            store.add(new ProviderRecord(key(1), peer, addresses(50), Optional.empty()));
        }
        assertThat(providersOf(key(1), ALL)).isEqualTo(held);
        assertThat(store.providers(key(1), ALL))
                .allMatch(record -> record.addresses().equals(addresses(50)));
    }

    /** PROVIDER-08 */
    @Test
    public final void provider08PagesHoldEachOwnRecordOnceAndNoOther() throws Exception {
        assertThat(own(3)).isEmpty();
        fillStore();
        List<ProviderRecord> mine = IntStream.range(0, LIMITS.own())
                .mapToObj(i -> provider(key(i), SELF))
                .toList();
        for (ProviderRecord record : mine) {
            store.add(record);
        }
        for (int limit : new int[] {1, 2, LIMITS.own(), ALL}) {
            assertThat(own(limit)).as("pages of %d", limit).containsExactlyInAnyOrderElementsOf(mine);
        }
        store.remove(key(1), SELF);
        assertThat(own(2)).hasSize(LIMITS.own() - 1).doesNotContain(mine.get(1));
    }

    /** PROVIDER-08, with a writer in another thread. */
    @Test
    public final void provider08PagesSurviveConcurrentWrites() throws Exception {
        List<ProviderRecord> lasting = List.of(provider(key(1), SELF), provider(key(3), SELF));
        for (ProviderRecord record : lasting) {
            store.add(record);
        }
        Together.run(2, 200, (thread, round) -> {
            if (thread == 0) {
                RecordKey coming = key(2 * (round % 3));
                store.add(provider(coming, SELF));
                store.add(provider(coming, peer(1)));
                store.remove(coming, SELF);
            } else {
                assertThat(own(1)).doesNotHaveDuplicates().containsAll(lasting);
            }
        });
        assertThat(own(1)).containsExactlyInAnyOrderElementsOf(lasting);
    }

    /** PROVIDER-08, with writes between the pages. */
    @Test
    public final void provider08PagesSurviveWritesBetweenThem() throws Exception {
        List<ProviderRecord> lasting = List.of(provider(key(1), SELF), provider(key(3), SELF), provider(key(5), SELF));
        for (ProviderRecord record : lasting) {
            store.add(record);
        }
        for (int coming = 0; coming < 7; coming += 2) {
            store.add(provider(key(coming), SELF));
            List<ProviderRecord> seen = new ArrayList<>();
            Page<ProviderRecord> page = store.ownPage(Optional.empty(), 1);
            store.remove(key(coming), SELF);
            seen.addAll(page.items());
            for (int pages = 0; page.next().isPresent(); pages++) {
                assertThat(pages).as("pages come to an end").isLessThan(ALL);
                page = store.ownPage(page.next(), 1);
                seen.addAll(page.items());
            }
            assertThat(seen).doesNotHaveDuplicates().containsAll(lasting);
        }
    }

    /** PROVIDER-09 */
    @Test
    public final void provider09EveryCallFailsAfterClose() throws Exception {
        store.add(provider(key(1), peer(1)));
        store.close();
        assertThatThrownBy(() -> store.add(provider(key(1), peer(2)))).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.providers(key(1), 1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.remove(key(1), peer(1))).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.ownPage(Optional.empty(), 1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.removeExpired(1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.size()).isInstanceOf(StoreException.Closed.class);
        store.close();
    }

    /** PROVIDER-10 */
    @Test
    public final void provider10AllMethodsMayBeCalledFromSeveralThreads() throws Exception {
        int threads = LIMITS.foreignPerKey();
        Together.run(threads, 300, (thread, round) -> {
            PeerId mine = peer(1 + thread);
            ProviderRecord shared = expiringIn(key(0), mine, HOUR);
            ProviderRecord alone = provider(key(1 + thread), thread == 0 ? SELF : mine);
            store.add(shared);
            store.add(alone);
            assertThat(store.providers(key(0), ALL)).contains(shared);
            assertThat(store.providers(alone.key(), ALL)).containsExactly(alone);
            assertThat(own(1)).hasSizeLessThanOrEqualTo(1);
            assertThat(store.removeExpired(10)).isZero();
            assertThat(store.size()).isBetween(2L, 2L * threads);
            assertThat(store.remove(key(0), mine)).isTrue();
            assertThat(store.remove(alone.key(), alone.provider())).isTrue();
        });
        assertThat(store.size()).isZero();
        assertThat(own(1)).isEmpty();
    }

    private void fillStore() throws StoreException {
        for (int i = 0; i < LIMITS.foreign(); i++) {
            store.add(provider(key(i), peer(1)));
        }
    }

    private List<PeerId> fillKey(RecordKey key) throws StoreException {
        List<PeerId> held = new ArrayList<>();
        for (int i = 0; i < LIMITS.foreignPerKey(); i++) {
            store.add(provider(key, peer(50 - i)));
            held.add(peer(50 - i));
        }
        return held;
    }

    private ProviderRecord expiringIn(RecordKey key, PeerId provider, Duration time) {
        return new ProviderRecord(
                key, provider, addresses(1), Optional.of(clock.instant().plus(time)));
    }

    private List<PeerId> providersOf(RecordKey key, int limit) throws StoreException {
        return store.providers(key, limit).stream()
                .map(ProviderRecord::provider)
                .toList();
    }

    private List<ProviderRecord> own(int limit) throws StoreException {
        List<ProviderRecord> seen = new ArrayList<>();
        Optional<Bytes> cursor = Optional.empty();
        int pages = 0;
        do {
            Page<ProviderRecord> page = store.ownPage(cursor, limit);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            assertThat(++pages).as("pages come to an end").isLessThan(ALL);
            seen.addAll(page.items());
            cursor = page.next();
        } while (cursor.isPresent());
        return seen;
    }
}
