package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.addresses;
import static io.kad.tck.support.TestData.key;
import static io.kad.tck.support.TestData.peer;
import static io.kad.tck.support.TestData.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.StoreFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of PROVIDER-12 and PROVIDER-13: persistence. */
public abstract class ProviderDurabilityTests extends ProviderPageTests {

    ProviderDurabilityTests() {}

    abstract Optional<ProviderStore> openAgain(SpiContext context) throws Exception;

    /** PROVIDER-12 */
    @Test
    public final void provider12AcknowledgedRecordsSurviveReopening() throws Exception {
        List<PeerId> order = List.of(peer(3), SELF, peer(1), peer(2));
        for (PeerId peer : order) {
            store.add(provider(key(1), peer));
        }
        ProviderRecord renewed = new ProviderRecord(
                key(1),
                peer(3),
                addresses(9),
                Optional.of(clock.instant().plus(DAY).plusNanos(1)));
        ProviderRecord bare = new ProviderRecord(key(2), peer(2), List.of(), Optional.empty());
        store.addAll(List.of(renewed, bare, provider(key(3), peer(1)), provider(key(4), SELF)));
        store.remove(key(3), peer(1));
        reopen();
        assertThat(providersOf(key(1), ALL)).isEqualTo(order);
        assertThat(store.providers(key(1), 1)).containsExactly(renewed);
        assertThat(store.providers(key(2), ALL)).containsExactly(bare);
        assertThat(store.providers(key(3), ALL)).isEmpty();
        assertThat(allLocal(1)).containsExactlyInAnyOrder(provider(key(1), SELF), provider(key(4), SELF));
        assertThat(store.size()).isEqualTo(order.size() + 2);
    }

    /** PROVIDER-12: a provider that is added after reopening is last. */
    @Test
    public final void provider12TheOrderContinuesAfterReopening() throws Exception {
        store.add(provider(key(1), peer(9)));
        reopen();
        store.add(provider(key(1), peer(5)));
        reopen();
        store.add(provider(key(1), peer(1)));
        store.add(new ProviderRecord(key(1), peer(9), addresses(9), Optional.empty()));
        assertThat(providersOf(key(1), ALL)).containsExactly(peer(9), peer(5), peer(1));
        reopen();
        assertThat(providersOf(key(1), ALL)).containsExactly(peer(9), peer(5), peer(1));
    }

    /** PROVIDER-12: records expire while the store is closed. */
    @Test
    public final void provider12RecordsThatExpiredWhileClosedAreNotReturned() throws Exception {
        store.add(expiringIn(key(1), peer(1), HOUR));
        store.add(expiringIn(key(1), peer(2), DAY));
        store.add(expiringIn(key(2), SELF, HOUR));
        store.close();
        clock.advance(HOUR);
        openAgain();
        assertThat(providersOf(key(1), ALL)).containsExactly(peer(2));
        assertThat(allLocal(10)).isEmpty();
        clock.advance(DAY.minus(HOUR));
        assertThat(store.providers(key(1), ALL)).isEmpty();
        assertThat(store.removeExpired(10)).isLessThanOrEqualTo(3);
        assertThat(store.size()).isZero();
    }

    /** PROVIDER-12: the limits apply to the records of the reopened store. */
    @Test
    public final void provider12LimitsHoldOverReopening() throws Exception {
        fillStore();
        for (int i = 0; i < LIMITS.local(); i++) {
            store.add(provider(key(200 + i), SELF));
        }
        reopen();
        assertThatThrownBy(() -> store.add(provider(key(300), SELF))).isInstanceOf(StoreException.Full.class);
        store.add(provider(key(100), peer(90)));
        assertThat(providersOf(key(100), ALL)).containsExactly(peer(90));
        assertThat(store.size()).isEqualTo(LIMITS.remote() + LIMITS.local());
    }

    /** PROVIDER-12: the limit per key applies to the records of the reopened store, with their times of renewal. */
    @Test
    public final void provider12TheLimitOfAKeyHoldsOverReopening() throws Exception {
        List<PeerId> stored = new ArrayList<>(fillKey(key(1)));
        clock.advance(HOUR);
        store.add(provider(key(1), stored.get(0)));
        reopen();
        store.add(provider(key(1), peer(90)));
        stored.remove(1);
        stored.add(peer(90));
        assertThat(providersOf(key(1), ALL)).isEqualTo(stored);
    }

    /** PROVIDER-12: the limit per provider applies to the records of the reopened store. */
    @Test
    public final void provider12TheLimitOfAProviderHoldsOverReopening() throws Exception {
        for (int i = 0; i < LIMITS.remotePerProvider(); i++) {
            store.add(provider(key(i), peer(1)));
        }
        reopen();
        assertThatThrownBy(() -> store.add(provider(key(100), peer(1))))
                .isInstanceOf(StoreException.ShareReached.class);
        store.remove(key(0), peer(1));
        store.add(provider(key(100), peer(1)));
    }

    /**
     * PROVIDER-13, as far as this test can check it: the files at the return of a call are those that remain when the process crashes.
     * That local records survive a crash of the machine must be tested by each store.
     */
    @Test
    public final void provider13AcknowledgedRecordsSurviveACrashOfTheProcess(@TempDir Path copyDirectory)
            throws Exception {
        reopen();
        store.add(provider(key(1), peer(2)));
        store.add(provider(key(1), SELF));
        store.add(provider(key(2), peer(2)));
        store.remove(key(2), peer(2));
        store.addAll(List.of(provider(key(1), peer(1)), provider(key(3), SELF)));
        StoreFiles.copy(context.dataDirectory().orElseThrow(), copyDirectory);
        try (ProviderStore copy = openAgain(
                        new SpiContext(SELF, clock, Optional.of(copyDirectory), context.options(), context.executor()))
                .orElseThrow()) {
            assertThat(copy.providers(key(1), ALL))
                    .extracting(ProviderRecord::provider)
                    .containsExactly(peer(2), SELF, peer(1));
            assertThat(copy.providers(key(2), ALL)).isEmpty();
            assertThat(copy.providers(key(3), ALL)).containsExactly(provider(key(3), SELF));
        }
    }

    private void reopen() throws Exception {
        store.close();
        openAgain();
    }

    /** Reopens the closed store; aborts the test if the store is not persistent. */
    private void openAgain() throws Exception {
        Optional<ProviderStore> reopened = openAgain(context);
        assumeTrue(reopened.isPresent(), "this store is not persistent");
        store = reopened.orElseThrow();
    }
}
