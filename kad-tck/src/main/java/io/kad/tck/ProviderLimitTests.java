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
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.ConcurrentCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tests of PROVIDER-05 to PROVIDER-07: limits. */
public abstract class ProviderLimitTests extends ProviderContentTests {

    ProviderLimitTests() {}

    /** PROVIDER-05: the limit per key. */
    @Test
    public final void provider05AFullKeyRefusesNewProviders() throws Exception {
        List<PeerId> stored = fillKey(key(1));
        assertThatThrownBy(() -> store.add(provider(key(1), peer(100)))).isInstanceOf(StoreException.Full.class);
        assertThat(providersOf(key(1), ALL)).isEqualTo(stored);
        assertThat(store.size()).isEqualTo(stored.size());
        store.add(provider(key(2), peer(100)));
    }

    /** PROVIDER-05: the total limit. */
    @Test
    public final void provider05AFullStoreRefusesNewKeys() throws Exception {
        fillStore();
        assertThatThrownBy(() -> store.add(provider(key(100), peer(90)))).isInstanceOf(StoreException.Full.class);
        assertThat(store.providers(key(100), ALL)).isEmpty();
        assertThat(store.size()).isEqualTo(LIMITS.remote());
        for (int i = 0; i < LIMITS.remote(); i++) {
            assertThat(providersOf(key(i), ALL)).containsExactly(holder(i));
        }
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
        assertThatThrownBy(() -> store.add(provider(key(102), peer(90)))).isInstanceOf(StoreException.Full.class);
    }

    /** PROVIDER-05: removed and expired records do not count towards the limit per key. */
    @Test
    public final void provider05RemovedAndExpiredProvidersOfAKeyMakeRoom() throws Exception {
        List<PeerId> stored = fillKey(key(1));
        store.remove(key(1), stored.get(0));
        store.add(expiringIn(key(1), peer(100), HOUR));
        assertThatThrownBy(() -> store.add(provider(key(1), peer(101)))).isInstanceOf(StoreException.Full.class);
        clock.advance(HOUR);
        store.add(provider(key(1), peer(101)));
        assertThat(providersOf(key(1), ALL)).hasSize(LIMITS.remotePerKey()).contains(peer(101));
    }

    /** PROVIDER-05: the limit per provider; other providers are not affected. */
    @Test
    public final void provider05AFullProviderIsRefusedFurtherKeys() throws Exception {
        for (int i = 0; i < LIMITS.remotePerProvider(); i++) {
            store.add(provider(key(i), peer(1)));
        }
        assertThatThrownBy(() -> store.add(provider(key(100), peer(1)))).isInstanceOf(StoreException.Full.class);
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
        assertThatThrownBy(() -> store.add(provider(key(100), peer(1)))).isInstanceOf(StoreException.Full.class);
        clock.advance(HOUR);
        store.add(provider(key(100), peer(1)));
        store.remove(key(1), peer(1));
        store.add(provider(key(101), peer(1)));
        assertThatThrownBy(() -> store.add(provider(key(102), peer(1)))).isInstanceOf(StoreException.Full.class);
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

    /** PROVIDER-05: concurrent adds reach the limit exactly, and all acknowledged records are stored. */
    @Test
    public final void provider05ConcurrentWritersShareTheLimit() throws Exception {
        TreeSet<PeerId> acknowledged = new TreeSet<>();
        ConcurrentCalls.run(4, 10, (thread, round) -> {
            PeerId provider = peer(1 + round * 4 + thread);
            try {
                store.add(provider(key(1), provider));
                synchronized (acknowledged) {
                    acknowledged.add(provider);
                }
            } catch (StoreException.Full full) {
                assertThat(providersOf(key(1), ALL)).doesNotContain(provider);
            }
        });
        assertThat(acknowledged).hasSize(LIMITS.remotePerKey());
        assertThat(providersOf(key(1), ALL)).containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    /** PROVIDER-06 */
    @Test
    public final void provider06LocalAndRemoteRecordsHaveSeparateLimits() throws Exception {
        fillStore();
        for (int i = 0; i < LIMITS.local(); i++) {
            store.add(provider(key(200 + i), SELF));
        }
        assertThatThrownBy(() -> store.add(provider(key(300), SELF))).isInstanceOf(StoreException.Full.class);
        assertThatThrownBy(() -> store.add(provider(key(100), peer(90)))).isInstanceOf(StoreException.Full.class);
        assertThat(allLocal(3)).hasSize(LIMITS.local());
        store.remove(key(200), SELF);
        assertThatThrownBy(() -> store.add(provider(key(100), peer(90)))).isInstanceOf(StoreException.Full.class);
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
}
