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
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.ConcurrentCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests of PROVIDER-08 to PROVIDER-11: pages, closing, threads, and batches. */
public abstract class ProviderPageTests extends ProviderLimitTests {

    ProviderPageTests() {}

    /** PROVIDER-08 */
    @Test
    public final void provider08PagesHoldEachLocalRecordOnceAndNoOther() throws Exception {
        assertThat(allLocal(3)).isEmpty();
        fillStore();
        List<ProviderRecord> mine = IntStream.range(0, LIMITS.local())
                .mapToObj(i -> provider(key(i), SELF))
                .toList();
        for (ProviderRecord record : mine) {
            store.add(record);
        }
        for (int limit : new int[] {1, 2, LIMITS.local(), ALL}) {
            assertThat(allLocal(limit)).as("pages of %d", limit).containsExactlyInAnyOrderElementsOf(mine);
        }
        store.remove(key(1), SELF);
        assertThat(allLocal(2)).hasSize(LIMITS.local() - 1).doesNotContain(mine.get(1));
    }

    /** PROVIDER-08: a concurrent writer. */
    @Test
    public final void provider08PagesSurviveConcurrentWrites() throws Exception {
        List<ProviderRecord> lasting = List.of(provider(key(1), SELF), provider(key(3), SELF));
        for (ProviderRecord record : lasting) {
            store.add(record);
        }
        ConcurrentCalls.readDuringWrites(
                200,
                round -> {
                    RecordKey coming = key(2 * (round % 3));
                    store.add(provider(coming, SELF));
                    store.add(provider(coming, peer(1)));
                    store.remove(coming, SELF);
                },
                round -> assertThat(allLocal(1)).doesNotHaveDuplicates().containsAll(lasting));
        assertThat(allLocal(1)).containsExactlyInAnyOrderElementsOf(lasting);
    }

    /** PROVIDER-08: writes between the pages. */
    @Test
    public final void provider08PagesSurviveWritesBetweenThem() throws Exception {
        List<ProviderRecord> lasting = List.of(provider(key(1), SELF), provider(key(3), SELF), provider(key(5), SELF));
        for (ProviderRecord record : lasting) {
            store.add(record);
        }
        for (int coming = 0; coming < 7; coming += 2) {
            store.add(provider(key(coming), SELF));
            List<ProviderRecord> seen = new ArrayList<>();
            Page<ProviderRecord> page = store.localPage(Optional.empty(), 1);
            store.remove(key(coming), SELF);
            seen.addAll(page.items());
            for (int pages = 0; page.next().isPresent(); pages++) {
                assertThat(pages).as("the number of pages").isLessThan(ALL);
                page = store.localPage(page.next(), 1);
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
        assertThatThrownBy(() -> store.localPage(Optional.empty(), 1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.addAll(List.of(provider(key(1), peer(2)))))
                .isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.statistics()).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.removeExpired(1)).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.size()).isInstanceOf(StoreException.Closed.class);
        store.close();
    }

    /** PROVIDER-10 */
    @Test
    public final void provider10AllMethodsAreThreadSafe() throws Exception {
        int threads = LIMITS.remotePerKey();
        ConcurrentCalls.run(threads, 300, (thread, round) -> {
            PeerId mine = peer(1 + thread);
            ProviderRecord shared = expiringIn(key(0), mine, HOUR);
            ProviderRecord alone = provider(key(1 + thread), thread == 0 ? SELF : mine);
            store.add(shared);
            store.add(alone);
            assertThat(store.providers(key(0), ALL)).contains(shared);
            assertThat(store.providers(alone.key(), ALL)).containsExactly(alone);
            assertThat(allLocal(1)).hasSizeLessThanOrEqualTo(1);
            assertThat(store.removeExpired(10)).isZero();
            assertThat(store.size()).isBetween(2L, 2L * threads);
            assertThat(store.remove(key(0), mine)).isTrue();
            assertThat(store.remove(alone.key(), alone.provider())).isTrue();
        });
        assertThat(store.size()).isZero();
        assertThat(allLocal(1)).isEmpty();
    }

    /** PROVIDER-11 */
    @Test
    public final void provider11RecordsAreAddedInTheOrderGiven() throws Exception {
        store.addAll(List.of());
        store.addAll(List.of(
                provider(key(1), peer(3)),
                provider(key(2), SELF),
                provider(key(1), peer(1)),
                new ProviderRecord(key(1), peer(3), addresses(9), Optional.empty()),
                provider(key(1), peer(2))));
        assertThat(providersOf(key(1), ALL)).containsExactly(peer(3), peer(1), peer(2));
        assertThat(store.providers(key(1), 1))
                .containsExactly(new ProviderRecord(key(1), peer(3), addresses(9), Optional.empty()));
        assertThat(allLocal(10)).containsExactly(provider(key(2), SELF));
        assertThat(store.size()).isEqualTo(4);
    }

    /** PROVIDER-11: the first refused record stops the call. */
    @Test
    public final void provider11TheFirstRefusalStopsTheCall() throws Exception {
        for (int i = 0; i < LIMITS.remotePerProvider(); i++) {
            store.add(provider(key(i), peer(1)));
        }
        assertThatThrownBy(() -> store.addAll(
                        List.of(provider(key(20), peer(7)), provider(key(21), peer(1)), provider(key(22), peer(9)))))
                .isInstanceOf(StoreException.ShareReached.class);
        assertThat(providersOf(key(20), ALL)).containsExactly(peer(7));
        assertThat(store.providers(key(21), ALL)).isEmpty();
        assertThat(store.providers(key(22), ALL)).isEmpty();
        assertThat(store.size()).isEqualTo(LIMITS.remotePerProvider() + 1);
    }

    /** PROVIDER-11: limits apply within one batch. */
    @Test
    public final void provider11LimitsHoldWithinTheRecordsAdded() throws Exception {
        List<ProviderRecord> records = IntStream.rangeClosed(0, LIMITS.remotePerProvider())
                .mapToObj(i -> provider(key(i), peer(1)))
                .toList();
        assertThatThrownBy(() -> store.addAll(records)).isInstanceOf(StoreException.ShareReached.class);
        assertThat(store.size()).isEqualTo(LIMITS.remotePerProvider());
        assertThat(store.providers(key(LIMITS.remotePerProvider()), ALL)).isEmpty();
    }
}
