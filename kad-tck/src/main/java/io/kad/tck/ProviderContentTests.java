package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.addresses;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.peer;
import static io.kad.tck.support.TestData.provider;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.tck.support.ConcurrentCalls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests of PROVIDER-01 to PROVIDER-04: content, replacement, expiry and order. */
public abstract class ProviderContentTests extends ProviderStoreFixture {

    ProviderContentTests() {}

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

    /** PROVIDER-01: a removed record is not returned. */
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

    /** PROVIDER-02: a reader sees the old record or the new one, never neither and never both. */
    @Test
    public final void provider02ReplacesAtomically() throws Exception {
        store.add(provider(key(1), peer(1)));
        ConcurrentCalls.readDuringWrites(
                500,
                round -> store.add(new ProviderRecord(key(1), peer(1), addresses(round), Optional.empty())),
                round -> assertThat(store.providers(key(1), ALL)).hasSize(1));
    }

    /** PROVIDER-02: providers of one key that are added concurrently are all stored. */
    @Test
    public final void provider02ConcurrentAddsLoseNoProvider() throws Exception {
        ConcurrentCalls.run(LIMITS.remotePerKey(), 200, (thread, round) -> {
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
    public final void provider03NoMethodReturnsAnExpiredRecord() throws Exception {
        store.add(expiringIn(key(1), peer(1), HOUR));
        store.add(provider(key(1), peer(2)));
        store.add(expiringIn(key(1), SELF, HOUR));
        clock.advance(HOUR);
        assertThat(store.providers(key(1), ALL)).containsExactly(provider(key(1), peer(2)));
        assertThat(store.providers(key(1), 1)).containsExactly(provider(key(1), peer(2)));
        assertThat(allLocal(10)).isEmpty();
        assertThat(store.remove(key(1), peer(1))).isFalse();
        assertThat(store.remove(key(1), SELF)).isFalse();
    }

    /** PROVIDER-03: a record that is expired when it is added is never returned. */
    @Test
    public final void provider03ARecordAddedAfterItsExpiryIsNotReturned() throws Exception {
        store.add(provider(key(1), peer(1)));
        store.add(expiringIn(key(1), peer(1), HOUR.negated()));
        store.add(expiringIn(key(2), peer(2), HOUR.negated()));
        assertThat(store.providers(key(1), ALL)).isEmpty();
        assertThat(store.providers(key(2), ALL)).isEmpty();
    }

    /** PROVIDER-03: expiry follows the wall clock to the nanosecond. */
    @Test
    public final void provider03ARecordIsReturnedUntilTheInstantOfItsExpiry() throws Exception {
        ProviderRecord record = expiringIn(key(1), peer(1), HOUR);
        store.add(record);
        store.add(provider(key(2), SELF));
        clock.advance(HOUR.minusNanos(1));
        assertThat(store.providers(key(1), ALL)).containsExactly(record);
        clock.advance(Duration.ofNanos(1));
        assertThat(store.providers(key(1), ALL)).isEmpty();
        clock.advance(Duration.ofDays(20_000));
        assertThat(allLocal(10)).containsExactly(provider(key(2), SELF));
    }

    /** PROVIDER-03: expiry follows the time of the clock, not the elapsed time. */
    @Test
    public final void provider03AClockThatStepsBackKeepsRecordsUntilTheirInstant() throws Exception {
        ProviderRecord earlier = expiringIn(key(1), peer(1), HOUR);
        store.add(earlier);
        clock.advance(DAY.negated());
        store.add(expiringIn(key(1), peer(2), HOUR));
        assertThat(store.providers(key(1), ALL)).hasSize(2);
        clock.advance(HOUR);
        assertThat(store.providers(key(1), ALL)).containsExactly(earlier);
        clock.advance(DAY.minusNanos(1));
        assertThat(store.providers(key(1), ALL)).containsExactly(earlier);
        clock.advance(Duration.ofNanos(1));
        assertThat(store.providers(key(1), ALL)).isEmpty();
    }

    /** PROVIDER-03: removal in steps removes all expired records, and no others. */
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
    public final void provider04ProvidersAreInTheOrderOfTheirFirstAdd() throws Exception {
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

    /** PROVIDER-04: a provider that was removed and added again is last. */
    @Test
    public final void provider04AProviderThatWasRemovedComesLast() throws Exception {
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
}
