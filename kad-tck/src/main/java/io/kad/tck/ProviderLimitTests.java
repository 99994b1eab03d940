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

/** PROVIDER-05 to PROVIDER-07: what a store does at its limits. */
public abstract class ProviderLimitTests extends ProviderContentTests {

    ProviderLimitTests() {}

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
        assertThatThrownBy(() -> store.add(provider(key(100), peer(90)))).isInstanceOf(StoreException.Full.class);
        assertThat(store.providers(key(100), ALL)).isEmpty();
        assertThat(store.size()).isEqualTo(LIMITS.remote());
        for (int i = 0; i < LIMITS.remote(); i++) {
            assertThat(providersOf(key(i), ALL)).containsExactly(holder(i));
        }
    }

    /** PROVIDER-05: a place that became free is used. */
    @Test
    public final void provider05RemovedAndExpiredRecordsGiveTheirPlace() throws Exception {
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

    /** PROVIDER-05: the same within a key. */
    @Test
    public final void provider05RemovedAndExpiredProvidersOfAKeyGiveTheirPlace() throws Exception {
        List<PeerId> held = fillKey(key(1));
        store.remove(key(1), held.get(0));
        store.add(expiringIn(key(1), peer(100), HOUR));
        assertThatThrownBy(() -> store.add(provider(key(1), peer(101)))).isInstanceOf(StoreException.Full.class);
        clock.advance(HOUR);
        store.add(provider(key(1), peer(101)));
        assertThat(providersOf(key(1), ALL)).hasSize(LIMITS.remotePerKey()).contains(peer(101));
    }

    /** PROVIDER-05, for one provider: others are not touched. */
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

    /** PROVIDER-05: a place that a provider freed, or that its expired record held, is used. */
    @Test
    public final void provider05RemovedAndExpiredRecordsOfAProviderGiveTheirPlace() throws Exception {
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

    /** PROVIDER-05: a provider that writes at once gets as many places as it would one after the other. */
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

    /** PROVIDER-07, for the limit of one provider. */
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

    /** PROVIDER-05, with writers at once: as many are acknowledged as there are places, and these are held. */
    @Test
    public final void provider05WritersAtOnceShareTheLimit() throws Exception {
        TreeSet<PeerId> acknowledged = new TreeSet<>();
        ConcurrentCalls.run(4, 10, (thread, round) -> {
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
        assertThat(acknowledged).hasSize(LIMITS.remotePerKey());
        assertThat(providersOf(key(1), ALL)).containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    /** PROVIDER-06 */
    @Test
    public final void provider06OwnRecordsAreLimitedApartFromForeignOnes() throws Exception {
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

    /** PROVIDER-06: a key that others fill has room for this peer, and the other way round. */
    @Test
    public final void provider06AKeyFullOfOthersTakesTheOwnRecord() throws Exception {
        List<PeerId> held = new ArrayList<>(fillKey(key(1)));
        store.add(provider(key(1), SELF));
        held.add(SELF);
        assertThat(providersOf(key(1), ALL)).isEqualTo(held);
        store.add(provider(key(2), SELF));
        assertThat(fillKey(key(2))).hasSize(LIMITS.remotePerKey());
        assertThat(providersOf(key(2), 1)).containsExactly(SELF);
    }

    /** PROVIDER-06: no flood drives out an own record. */
    @Test
    public final void provider06OwnRecordsNeverGiveWay() throws Exception {
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
    public final void provider07AFullStoreTakesReplacements() throws Exception {
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
    public final void provider07AFullKeyTakesReplacements() throws Exception {
        List<PeerId> held = fillKey(key(1));
        for (PeerId peer : held) {
            store.add(new ProviderRecord(key(1), peer, addresses(50), Optional.empty()));
        }
        assertThat(providersOf(key(1), ALL)).isEqualTo(held);
        assertThat(store.providers(key(1), ALL))
                .allMatch(record -> record.addresses().equals(addresses(50)));
    }
}
