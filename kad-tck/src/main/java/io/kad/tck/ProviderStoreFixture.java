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
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.RecordedEvictions;
import io.kad.tck.support.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Fixture of the tests of provider stores: a new store per test, a clock that only the test moves, and common operations. */
public abstract class ProviderStoreFixture {

    static final Duration HOUR = Duration.ofHours(1);
    static final Duration DAY = Duration.ofDays(1);
    static final Limits LIMITS = new Limits(8, 4, 3, 5);
    static final Limits HISTORY_LIMITS = new Limits(1000, 4, 3, 5);
    static final int ALL = 1000;

    final TestClock clock = new TestClock();
    final RecordedEvictions evictions = new RecordedEvictions();
    SpiContext context;
    ProviderStore store;

    @SuppressWarnings("NullAway.Init") // context and store are set before each test
    ProviderStoreFixture() {}

    /**
     * Limits of a store under test. The total limit may count records or keys: in its tests each key has one provider.
     *
     * @param remote the largest number of remote records, or of keys with remote records
     * @param local the largest number of local records
     * @param remotePerKey the largest number of remote records per key
     * @param remotePerProvider the largest number of records per remote provider
     */
    public record Limits(int remote, int local, int remotePerKey, int remotePerProvider) {}

    abstract ProviderStore newStore(SpiContext context, Limits limits) throws Exception;

    /** Creates the store of a test. */
    @BeforeEach
    public final void openStore(@TempDir Path temporary) throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("store"));
        context = new SpiContext(SELF, clock, Optional.of(directory), Map.of(), Runnable::run, evictions);
        store = newStore(context, LIMITS);
    }

    /** Creates the store of a history, in another directory. */
    final void openAnotherStore(String name) throws Exception {
        store.close();
        Path directory =
                Files.createDirectory(context.dataDirectory().orElseThrow().resolveSibling(name));
        context = new SpiContext(SELF, clock, Optional.of(directory), Map.of(), Runnable::run, evictions);
        store = newStore(context, HISTORY_LIMITS);
    }

    /** Closes the store of a test. */
    @AfterEach
    public final void closeStore() throws Exception {
        store.close();
    }

    final void fillStore() throws StoreException {
        for (int i = 0; i < LIMITS.remote(); i++) {
            store.add(provider(key(i), holder(i)));
        }
    }

    /** Returns the provider of a key in a {@linkplain #fillStore full store}. */
    static PeerId holder(int number) {
        return peer(1 + number % 2);
    }

    final List<PeerId> fillKey(RecordKey key) throws StoreException {
        List<PeerId> providers = new ArrayList<>();
        for (int i = 0; i < LIMITS.remotePerKey(); i++) {
            store.add(provider(key, peer(50 - i)));
            providers.add(peer(50 - i));
        }
        return providers;
    }

    final ProviderRecord expiringIn(RecordKey key, PeerId provider, Duration time) {
        return new ProviderRecord(
                key, provider, addresses(1), Optional.of(clock.instant().plus(time)));
    }

    final List<PeerId> providersOf(RecordKey key, int limit) throws StoreException {
        return store.providers(key, limit).stream()
                .map(ProviderRecord::provider)
                .toList();
    }

    final List<ProviderRecord> allLocal(int limit) throws StoreException {
        List<ProviderRecord> seen = new ArrayList<>();
        Optional<Bytes> cursor = Optional.empty();
        int pages = 0;
        do {
            Page<ProviderRecord> page = store.localPage(cursor, limit);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            assertThat(++pages).as("the number of pages").isLessThan(ALL);
            seen.addAll(page.items());
            cursor = page.next();
        } while (cursor.isPresent());
        return seen;
    }
}
