package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.addresses;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.peer;
import static io.kad.tck.support.TestData.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.ConcurrentCalls;
import io.kad.tck.support.RecordedEvictions;
import io.kad.tck.support.TestData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests of PROVIDER-05 to PROVIDER-07 and PROVIDER-14: limits. */
public abstract class ProviderLimitTests extends ProviderContentTests {

    ProviderLimitTests() {}

    /** PROVIDER-05: the limit per key; 20 providers that have left must not keep a live one out. */
    @Test
    public final void provider05AFullKeyReplacesTheProviderRenewedLongestAgo() throws Exception {
        List<PeerId> stored = new ArrayList<>(fillKey(key(1)));
        clock.advance(HOUR);
        store.add(provider(key(1), stored.get(0)));
        store.add(provider(key(1), peer(100)));
        stored.remove(1);
        stored.add(peer(100));
        assertThat(providersOf(key(1), ALL)).isEqualTo(stored);
        assertThat(store.size()).isEqualTo(stored.size());
        for (int i = 101; i < 103; i++) {
            clock.advance(HOUR);
            store.add(provider(key(1), peer(i)));
            assertThat(providersOf(key(1), ALL)).hasSize(LIMITS.remotePerKey()).endsWith(peer(i));
        }
        assertThat(providersOf(key(1), ALL)).doesNotContain(stored.get(0));
        store.add(provider(key(2), peer(100)));
    }

    /** Returns the keys from {@code first} on, closest to the local peer first. */
    private static List<RecordKey> closestFirst(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(TestData::key)
                .sorted((left, right) -> SELF.kadKey().compareDistance(left.kadKey(), right.kadKey()))
                .toList();
    }

    /** PROVIDER-05: the total limit; few peers with many keys must not keep all others out. */
    @Test
    public final void provider05AFullStoreTakesTheFarthestKeyOfTheProviderOverTheAverageShare() throws Exception {
        List<RecordKey> keys = closestFirst(0, LIMITS.remote() + 1);
        int greedy = LIMITS.remotePerProvider();
        for (int i = 0; i < greedy; i++) {
            store.add(provider(keys.get(i), peer(1)));
        }
        for (int i = greedy; i < LIMITS.remote(); i++) {
            store.add(provider(keys.get(i), peer(2 + i)));
        }
        RecordKey farthest = keys.get(LIMITS.remote());
        store.add(provider(farthest, peer(90)));
        assertThat(providersOf(farthest, ALL)).containsExactly(peer(90));
        assertThat(providersOf(keys.get(greedy - 1), ALL)).isEmpty();
        assertThat(providersOf(keys.get(0), ALL)).containsExactly(peer(1));
        assertThat(store.size()).isEqualTo(LIMITS.remote());
    }

    /** PROVIDER-05: the provider that is itself over the average share gets no more room. */
    @Test
    public final void provider05AProviderOverTheAverageShareReplacesOnlyItsFartherKeys() throws Exception {
        List<RecordKey> keys = closestFirst(0, LIMITS.remote() + 2);
        int greedy = LIMITS.remotePerProvider() - 1;
        for (int i = 0; i < greedy; i++) {
            store.add(provider(keys.get(1 + i), peer(1)));
        }
        for (int i = greedy; i < LIMITS.remote(); i++) {
            store.add(provider(keys.get(1 + i), peer(2 + i)));
        }
        RecordKey farther = keys.get(LIMITS.remote() + 1);
        assertThatThrownBy(() -> store.add(provider(farther, peer(1)))).isExactlyInstanceOf(StoreException.Full.class);
        assertThat(store.providers(farther, ALL)).isEmpty();
        assertThat(store.size()).isEqualTo(LIMITS.remote());
        store.add(provider(keys.get(0), peer(1)));
        assertThat(providersOf(keys.get(0), ALL)).containsExactly(peer(1));
        assertThat(providersOf(keys.get(greedy), ALL)).isEmpty();
        assertThat(providersOf(keys.get(LIMITS.remote()), ALL)).isNotEmpty();
    }

    /** PROVIDER-05: among average shares the farthest key goes, and a record that is farther still is refused. */
    @Test
    public final void provider05AFullStoreOfAverageSharesTakesTheFarthestKey() throws Exception {
        List<RecordKey> keys = closestFirst(0, LIMITS.remote() + 2);
        for (int i = 1; i <= LIMITS.remote(); i++) {
            store.add(provider(keys.get(i), peer(i)));
        }
        RecordKey farther = keys.get(LIMITS.remote() + 1);
        assertThatThrownBy(() -> store.add(provider(farther, peer(90)))).isInstanceOf(StoreException.Full.class);
        for (int i = 1; i <= LIMITS.remote(); i++) {
            assertThat(providersOf(keys.get(i), ALL)).containsExactly(peer(i));
        }
        store.add(provider(keys.get(0), peer(90)));
        assertThat(providersOf(keys.get(0), ALL)).containsExactly(peer(90));
        assertThat(providersOf(keys.get(LIMITS.remote()), ALL)).isEmpty();
        assertThat(store.size()).isEqualTo(LIMITS.remote());
    }

    /** PROVIDER-05: removed and expired records do not count towards the total limit. */
    @Test
    public final void provider05RemovedAndExpiredRecordsMakeRoom() throws Exception {
        for (int i = 2; i < LIMITS.remote(); i++) {
            store.add(provider(key(i), holder(i)));
        }
        store.add(expiringIn(key(0), holder(0), HOUR));
        store.add(provider(key(1), holder(1)));
        clock.advance(HOUR);
        store.add(provider(key(100), peer(90)));
        store.remove(key(1), holder(1));
        store.add(provider(key(101), peer(90)));
        for (int i = 2; i < LIMITS.remote(); i++) {
            assertThat(providersOf(key(i), ALL)).containsExactly(holder(i));
        }
        assertThat(providersOf(key(100), ALL)).containsExactly(peer(90));
    }

    /** PROVIDER-05: removed and expired records do not count towards the limit per key. */
    @Test
    public final void provider05RemovedAndExpiredProvidersOfAKeyMakeRoom() throws Exception {
        List<PeerId> stored = fillKey(key(1));
        store.remove(key(1), stored.get(0));
        store.add(expiringIn(key(1), peer(100), HOUR));
        clock.advance(HOUR);
        store.add(provider(key(1), peer(101)));
        List<PeerId> expected = new ArrayList<>(stored.subList(1, stored.size()));
        expected.add(peer(101));
        assertThat(providersOf(key(1), ALL)).isEqualTo(expected);
    }

    /** PROVIDER-05: the limit per provider; other providers are not affected. */
    @Test
    public final void provider05AFullProviderIsRefusedFurtherKeys() throws Exception {
        for (int i = 0; i < LIMITS.remotePerProvider(); i++) {
            store.add(provider(key(i), peer(1)));
        }
        assertThatThrownBy(() -> store.add(provider(key(100), peer(1))))
                .isInstanceOf(StoreException.ShareReached.class);
        assertThat(store.providers(key(100), ALL)).isEmpty();
        assertThat(store.size()).isEqualTo(LIMITS.remotePerProvider());
        store.add(provider(key(100), peer(2)));
        store.add(provider(key(0), peer(2)));
        store.add(provider(key(101), SELF));
        assertThat(providersOf(key(100), ALL)).containsExactly(peer(2));
    }

    /** PROVIDER-05: removed and expired records do not count towards the limit per provider. */
    @Test
    public final void provider05RemovedAndExpiredRecordsOfAProviderMakeRoom() throws Exception {
        for (int i = 1; i < LIMITS.remotePerProvider(); i++) {
            store.add(provider(key(i), peer(1)));
        }
        store.add(expiringIn(key(0), peer(1), HOUR));
        assertThatThrownBy(() -> store.add(provider(key(100), peer(1))))
                .isInstanceOf(StoreException.ShareReached.class);
        clock.advance(HOUR);
        store.add(provider(key(100), peer(1)));
        store.remove(key(1), peer(1));
        store.add(provider(key(101), peer(1)));
        assertThatThrownBy(() -> store.add(provider(key(102), peer(1))))
                .isInstanceOf(StoreException.ShareReached.class);
    }

    /** PROVIDER-05: concurrent adds of one provider reach its limit exactly, as sequential ones do. */
    @Test
    public final void provider05WritersOfOneProviderShareItsLimit() throws Exception {
        TreeSet<RecordKey> acknowledged = new TreeSet<>();
        ConcurrentCalls.run(2, LIMITS.remotePerProvider(), (thread, round) -> {
            RecordKey key = key(round * 2 + thread);
            try {
                store.add(provider(key, peer(1)));
                synchronized (acknowledged) {
                    acknowledged.add(key);
                }
            } catch (StoreException.Full full) {
                assertThat(store.providers(key, ALL)).isEmpty();
            }
        });
        assertThat(acknowledged).hasSize(LIMITS.remotePerProvider());
        assertThat(store.size()).isEqualTo(LIMITS.remotePerProvider());
    }

    /** PROVIDER-07: the limit per provider. */
    @Test
    public final void provider07AFullProviderMayReplace() throws Exception {
        for (int i = 0; i < LIMITS.remotePerProvider(); i++) {
            store.add(provider(key(i), peer(1)));
        }
        for (int i = 0; i < LIMITS.remotePerProvider(); i++) {
            ProviderRecord renewed = new ProviderRecord(key(i), peer(1), addresses(50), Optional.empty());
            store.add(renewed);
            assertThat(store.providers(key(i), ALL)).containsExactly(renewed);
        }
    }

    /** PROVIDER-05: concurrent adds to one key are all accepted, and its limit holds. */
    @Test
    public final void provider05ConcurrentWritersShareTheLimit() throws Exception {
        ConcurrentCalls.run(4, 10, (thread, round) -> store.add(provider(key(1), peer(1 + round * 4 + thread))));
        assertThat(providersOf(key(1), ALL)).hasSize(LIMITS.remotePerKey()).doesNotHaveDuplicates();
        assertThat(store.size()).isEqualTo(LIMITS.remotePerKey());
    }

    /** PROVIDER-06 */
    @Test
    public final void provider06LocalAndRemoteRecordsHaveSeparateLimits() throws Exception {
        fillStore();
        for (int i = 0; i < LIMITS.local(); i++) {
            store.add(provider(key(200 + i), SELF));
        }
        assertThatThrownBy(() -> store.add(provider(key(300), SELF))).isExactlyInstanceOf(StoreException.Full.class);
        store.add(provider(key(100), peer(90)));
        assertThat(allLocal(3)).hasSize(LIMITS.local());
        assertThat(store.size()).isEqualTo(LIMITS.remote() + LIMITS.local());
        store.remove(key(200), SELF);
        store.add(provider(key(101), peer(90)));
        assertThat(store.size()).isEqualTo(LIMITS.remote() + LIMITS.local() - 1);
        store.add(provider(key(300), SELF));
    }

    /** PROVIDER-06: a key that is full of remote providers has room for the local peer, and the local record uses up no remote room. */
    @Test
    public final void provider06AKeyFullOfRemoteProvidersAcceptsTheLocalRecord() throws Exception {
        List<PeerId> stored = new ArrayList<>(fillKey(key(1)));
        store.add(provider(key(1), SELF));
        stored.add(SELF);
        assertThat(providersOf(key(1), ALL)).isEqualTo(stored);
        store.add(provider(key(2), SELF));
        assertThat(fillKey(key(2))).hasSize(LIMITS.remotePerKey());
        assertThat(providersOf(key(2), 1)).containsExactly(SELF);
    }

    /** PROVIDER-06: a flood of remote providers evicts no local record. */
    @Test
    public final void provider06LocalRecordsAreNeverEvicted() throws Exception {
        for (int i = 0; i < LIMITS.local(); i++) {
            store.add(provider(key(i), SELF));
        }
        for (int i = 0; i < 1000; i++) {
            try {
                store.add(provider(key(i % 50), peer(1 + i)));
            } catch (StoreException.Full full) {
                assertThat(providersOf(key(i % 50), ALL)).doesNotContain(peer(1 + i));
            }
        }
        assertThat(allLocal(10)).hasSize(LIMITS.local());
    }

    /** PROVIDER-07 */
    @Test
    public final void provider07AFullStoreAcceptsReplacements() throws Exception {
        fillStore();
        for (int i = 0; i < LIMITS.local(); i++) {
            store.add(provider(key(i), SELF));
        }
        for (int i = 0; i < LIMITS.remote(); i++) {
            ProviderRecord renewed = new ProviderRecord(key(i), holder(i), addresses(50), Optional.empty());
            store.add(renewed);
            assertThat(store.providers(key(i), ALL)).contains(renewed);
        }
        for (int i = 0; i < LIMITS.local(); i++) {
            store.add(new ProviderRecord(key(i), SELF, addresses(50), Optional.empty()));
        }
        assertThat(allLocal(10))
                .hasSize(LIMITS.local())
                .allMatch(record -> record.addresses().equals(addresses(50)));
    }

    /** PROVIDER-14, for the limit of one key; a renewal, a removal and an expiry are no evictions. */
    @Test
    public final void provider14AnEvictionOfAFullKeyIsReported() throws Exception {
        List<PeerId> stored = fillKey(key(1));
        store.add(provider(key(1), stored.get(1)));
        store.add(provider(key(1), SELF));
        assertThat(evictions.providers()).isEmpty();
        clock.advance(HOUR);
        store.add(provider(key(1), stored.get(1)));
        store.add(expiringIn(key(1), peer(100), HOUR));
        List<RecordedEvictions.EvictedProvider> expected =
                List.of(new RecordedEvictions.EvictedProvider(key(1), stored.get(0)));
        assertThat(evictions.providers()).isEqualTo(expected);
        clock.advance(HOUR);
        store.add(provider(key(1), peer(101)));
        store.remove(key(1), peer(101));
        assertThat(evictions.providers()).isEqualTo(expected);
    }

    /** PROVIDER-14, for the total limit; a refused record evicts nothing. */
    @Test
    public final void provider14AnEvictionOfAFullStoreIsReported() throws Exception {
        List<RecordKey> keys = closestFirst(0, LIMITS.remote() + 2);
        for (int i = 1; i <= LIMITS.remote(); i++) {
            store.add(provider(keys.get(i), peer(i)));
        }
        RecordKey farther = keys.get(LIMITS.remote() + 1);
        assertThatThrownBy(() -> store.add(provider(farther, peer(90)))).isInstanceOf(StoreException.Full.class);
        assertThat(evictions.providers()).isEmpty();
        store.add(provider(keys.get(0), peer(90)));
        assertThat(evictions.providers())
                .containsExactly(
                        new RecordedEvictions.EvictedProvider(keys.get(LIMITS.remote()), peer(LIMITS.remote())));
    }

    /** PROVIDER-07, for the limit of one key. */
    @Test
    public final void provider07AFullKeyAcceptsReplacements() throws Exception {
        List<PeerId> stored = fillKey(key(1));
        for (PeerId peer : stored) {
            store.add(new ProviderRecord(key(1), peer, addresses(50), Optional.empty()));
        }
        assertThat(providersOf(key(1), ALL)).isEqualTo(stored);
        assertThat(store.providers(key(1), ALL))
                .allMatch(record -> record.addresses().equals(addresses(50)));
    }

    /** PROVIDER-15: what the listener names goes first, though the new record is the farthest. Names that are not stored are skipped and removed. */
    @Test
    public final void provider15AFullStoreEvictsWhatItsListenerNames() throws Exception {
        List<RecordKey> keys = closestFirst(0, LIMITS.remote() + 1);
        for (int i = 0; i < LIMITS.remote(); i++) {
            store.add(provider(keys.get(i), peer(1 + i)));
        }
        store.add(provider(keys.get(0), SELF));
        evictions.setProvidersOverShare(List.of(
                new StoreListener.Provided(keys.get(0), peer(2)),
                new StoreListener.Provided(keys.get(0), SELF),
                new StoreListener.Provided(keys.get(1), peer(2)),
                new StoreListener.Provided(keys.get(0), peer(1))));
        store.add(provider(keys.get(LIMITS.remote()), peer(90)));
        assertThat(evictions.namedProviders())
                .as("those that are not stored are removed, and no others")
                .containsExactly(
                        new StoreListener.Provided(keys.get(1), peer(2)),
                        new StoreListener.Provided(keys.get(0), peer(1)));
        assertThat(providersOf(keys.get(1), ALL)).isEmpty();
        assertThat(providersOf(keys.get(0), ALL)).containsExactly(peer(1), SELF);
        assertThat(providersOf(keys.get(LIMITS.remote()), ALL)).containsExactly(peer(90));
    }

    /** PROVIDER-15: a record that its own listener names is refused, though its key is the closest, and nothing changes. */
    @Test
    public final void provider15AFullStoreRefusesTheNewRecordThatIsNamed() throws Exception {
        List<RecordKey> keys = closestFirst(0, LIMITS.remote() + 1);
        for (int i = 1; i <= LIMITS.remote(); i++) {
            store.add(provider(keys.get(i), peer(i)));
        }
        evictions.setProvidersOverShare(List.of(new StoreListener.Provided(keys.get(0), peer(90))));
        assertThatThrownBy(() -> store.add(provider(keys.get(0), peer(90)))).isInstanceOf(StoreException.Full.class);
        assertThat(store.size()).isEqualTo(LIMITS.remote());
        assertThat(evictions.providers()).isEmpty();
    }
}
