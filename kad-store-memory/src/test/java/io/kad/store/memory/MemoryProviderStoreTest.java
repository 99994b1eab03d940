package io.kad.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.MemoryStoreLimits.Providers;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.tck.support.RecordedEvictions;
import io.kad.tck.support.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryProviderStoreTest {

    private static final PeerId SELF = peer(-1);
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
    private static final RecordKey KEY = RecordKey.utf8("key");
    private static final Quota AMPLE = new Quota(1000, Long.MAX_VALUE);

    private final TestClock clock = new TestClock();

    private static PeerId peer(int number) {
        return PeerId.fromPublicKey(Bytes.utf8("peer " + number));
    }

    private static ProviderRecord record(RecordKey key, PeerId provider, int addresses) {
        return new ProviderRecord(
                key,
                provider,
                IntStream.range(0, addresses).mapToObj(i -> ADDRESS).toList(),
                Optional.empty());
    }

    @Test
    void addressesAndKeysAreLimitedInLength() throws Exception {
        int size = ADDRESS.bytes().size();
        MemoryProviderStore store =
                new MemoryProviderStore(SELF, clock, new Providers(AMPLE, AMPLE, 20, 1000, 3, 2 * size));
        store.add(record(KEY, peer(1), 2));
        assertThatThrownBy(() -> store.add(record(KEY, peer(1), 3)))
                .isInstanceOf(StoreException.TooLarge.class)
                .hasMessage("addresses of " + 3 * size + " bytes exceeds the limit of " + 2 * size
                        + " (memory.max-address-bytes)");
        assertThatThrownBy(() -> store.add(record(RecordKey.utf8("keys"), peer(1), 0)))
                .isInstanceOf(StoreException.TooLarge.class)
                .hasMessage("key of 4 bytes exceeds the limit of 3 (memory.max-key-bytes)");
        assertThat(store.providers(KEY, 10)).containsExactly(record(KEY, peer(1), 2));
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void localAndRemoteRecordsHaveSeparateByteLimits() throws Exception {
        long one = ProviderSet.KEY_OVERHEAD_BYTES + ProviderSet.RECORD_OVERHEAD_BYTES + 3;
        MemoryProviderStore store = new MemoryProviderStore(
                SELF, clock, new Providers(new Quota(10, one), new Quota(10, one), 20, 1000, 100, 1000));
        store.add(record(KEY, peer(1), 0));
        store.add(record(KEY, peer(2), 0));
        assertThatThrownBy(() -> store.add(record(KEY, peer(2), 1))).isInstanceOf(StoreException.Full.class);
        store.add(record(KEY, SELF, 0));
        assertThat(store.providers(KEY, 10))
                .extracting(ProviderRecord::provider)
                .containsExactly(peer(2), SELF);
        assertThat(store.statistics()).containsEntry("providers", 2L).containsEntry("local-providers", 1L);
        assertThat(store.bytes()).isEqualTo(2 * one);
        assertThat(store.remove(KEY, peer(2))).isTrue();
        store.add(record(KEY, peer(1), 0));
    }

    /** A full key once refused everybody for two days, although all its providers had left. */
    @Test
    void aFloodOnOneKeyReplacesTheProvidersThatWereRenewedLongestAgo() throws Exception {
        MemoryProviderStore store = new MemoryProviderStore(SELF, clock, MemoryStoreLimits.DEFAULTS.providers());
        for (int i = 0; i < 1000; i++) {
            clock.advance(Duration.ofSeconds(1));
            store.add(record(KEY, peer(i), 1));
            if (i % 10 == 0) {
                store.add(record(KEY, peer(0), 1));
            }
        }
        assertThat(store.providers(KEY, 100))
                .extracting(ProviderRecord::provider)
                .hasSize(20)
                .startsWith(peer(0))
                .contains(peer(999))
                .doesNotContain(peer(900));
    }

    /** Four identities once filled the store, and everybody else was refused until their records expired. */
    @Test
    void fourIdentitiesThatFillTheStoreDoNotKeepOthersOut() throws Exception {
        int keys = 400;
        MemoryProviderStore store = new MemoryProviderStore(
                SELF, clock, new Providers(new Quota(keys, 64L << 20), AMPLE, 20, 100, 100, 1000));
        for (int i = 0; i < keys; i++) {
            store.add(record(RecordKey.utf8("flood " + i), peer(i % 4), 1));
        }
        for (int i = 0; i < 300; i++) {
            store.add(record(RecordKey.utf8("honest " + i), peer(10 + i), 1));
        }
        for (int i = 0; i < 300; i++) {
            assertThat(store.providers(RecordKey.utf8("honest " + i), 1)).hasSize(1);
        }
        assertThat(store.size()).isEqualTo(keys);
        assertThat(store.statistics()).containsEntry("evictions", 300L);
    }

    @Test
    void expiredProvidersAreRemovedFromKeysWithOtherProviders() throws Exception {
        MemoryProviderStore store = new MemoryProviderStore(SELF, clock, MemoryStoreLimits.DEFAULTS.providers());
        for (int k = 0; k < 100; k++) {
            RecordKey key = RecordKey.utf8("key " + k);
            store.add(record(key, SELF, 1));
            for (int i = 0; i < 5; i++) {
                store.add(new ProviderRecord(
                        key, peer(i), List.of(), Optional.of(clock.instant().plusSeconds(1 + i))));
            }
        }
        clock.advance(Duration.ofSeconds(3));
        assertThat(store.removeExpired(7)).isEqualTo(7);
        assertThat(store.removeExpired(1000)).isEqualTo(293);
        assertThat(store.removeExpired(1000)).isZero();
        assertThat(store.size()).isEqualTo(300);
    }

    /** At the limit of keys, only what is alone under its key makes room; what others provide too gives way by its distance. */
    @Test
    void recordsOfSharedKeysDoNotKeepNewKeysOut() throws Exception {
        int keys = 100;
        RecordedEvictions evictions = new RecordedEvictions();
        MemoryProviderStore store = new MemoryProviderStore(
                SELF, clock, new Providers(new Quota(keys, Long.MAX_VALUE), AMPLE, 20, 1000, 100, 1000), evictions);
        List<RecordKey> closestFirst = closestFirst(keys + 2);
        List<StoreListener.Provided> named = new ArrayList<>();
        for (int i = 2; i < keys + 2; i++) {
            store.add(record(closestFirst.get(i), peer(1), 0));
            store.add(record(closestFirst.get(i), peer(2), 0));
            named.add(new StoreListener.Provided(closestFirst.get(i), peer(1)));
        }
        evictions.setProvidersOverShare(named);
        store.add(record(closestFirst.get(0), peer(3), 0));
        assertThat(store.providers(closestFirst.get(0), 10)).hasSize(1);
        assertThat(store.providers(closestFirst.get(keys + 1), 10))
                .as("the farthest key has given way")
                .isEmpty();
        assertThat(store.size()).isEqualTo(2 * keys - 1);

        RecordKey alone = closestFirst.get(5);
        store.remove(alone, peer(2));
        store.add(record(closestFirst.get(1), peer(3), 0));
        assertThat(store.providers(alone, 10))
                .as("named, and alone under its key")
                .isEmpty();
        assertThat(store.size()).isEqualTo(2 * keys - 2);
    }

    private static List<RecordKey> closestFirst(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> RecordKey.utf8("key " + i))
                .sorted(Comparator.comparing(key -> SELF.kadKey().distance(key.kadKey())))
                .toList();
    }

    /** More providers than a new record may otherwise evict kept every new key out. */
    @Test
    void theFarthestKeyMakesRoomHoweverManyProvidersItHas() throws Exception {
        int providers = 100;
        List<RecordKey> closestFirst = closestFirst(4);
        RecordedEvictions evictions = new RecordedEvictions();
        MemoryProviderStore store = new MemoryProviderStore(
                SELF, clock, new Providers(new Quota(3, Long.MAX_VALUE), AMPLE, providers, 1000, 100, 1000), evictions);
        for (int i = 1; i <= 3; i++) {
            for (int provider = 0; provider < providers; provider++) {
                store.add(record(closestFirst.get(i), peer(provider), 0));
            }
        }
        store.add(record(closestFirst.get(3), SELF, 0));
        store.add(record(closestFirst.get(0), peer(providers), 0));

        assertThat(store.providers(closestFirst.get(0), 10)).hasSize(1);
        assertThat(store.providers(closestFirst.get(3), 10))
                .extracting(ProviderRecord::provider)
                .containsExactly(SELF);
        assertThat(evictions.providers()).hasSize(providers);
    }

    /** A name that makes no room for a key goes nonetheless once bytes are missing, before what nobody has named. */
    @Test
    void aNameOfASharedKeyIsEvictedForBytes() throws Exception {
        List<RecordKey> closestFirst = closestFirst(4);
        RecordKey shared = closestFirst.get(1);
        RecordKey alone = closestFirst.get(2);
        RecordKey farthest = closestFirst.get(3);
        long one = ProviderSet.KEY_OVERHEAD_BYTES + ProviderSet.RECORD_OVERHEAD_BYTES + 5;
        RecordedEvictions evictions = new RecordedEvictions();
        MemoryProviderStore store = new MemoryProviderStore(
                SELF,
                clock,
                new Providers(new Quota(3, 3 * one + ProviderSet.RECORD_OVERHEAD_BYTES), AMPLE, 20, 1000, 100, 1000),
                evictions);
        store.add(record(shared, peer(1), 0));
        store.add(record(shared, peer(2), 0));
        store.add(record(alone, peer(3), 0));
        store.add(record(farthest, peer(4), 0));
        evictions.setProvidersOverShare(
                List.of(new StoreListener.Provided(shared, peer(1)), new StoreListener.Provided(alone, peer(3))));
        store.add(record(closestFirst.get(0), peer(5), 3));

        assertThat(evictions.providers())
                .containsExactlyInAnyOrder(
                        new RecordedEvictions.EvictedProvider(alone, peer(3)),
                        new RecordedEvictions.EvictedProvider(shared, peer(1)));
        assertThat(store.providers(farthest, 10)).hasSize(1);
    }
}
