package io.kad.tck;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The tests that any {@link ProviderStore} must pass; extend it and say how a store is made.
 *
 * <p>Each test gets a store of its own, whose clock stands still unless the test moves it. The rules of stores that outlive
 * their process are tested where {@link #reopenStore} is overridden. The inherited classes group the tests and are not for
 * extending.
 */
public abstract class ProviderStoreTck extends ProviderDurabilityTests {

    /** For subclasses. */
    protected ProviderStoreTck() {}

    /**
     * Returns a new, empty store with the given limits; any other limit is generous. The test closes it.
     *
     * @param context has a data directory that exists and is empty, no options, and an executor that runs tasks at once
     */
    protected abstract ProviderStore createStore(SpiContext context, Limits limits) throws Exception;

    /**
     * Opens what a store left in the data directory of {@code context}, or what a copy of such a directory holds. The store
     * that {@link #createStore} made there was closed, unless the directory is a copy. The test closes it.
     *
     * @return empty, as here, if the store does not outlive its process: then PROVIDER-12 and PROVIDER-13 are not tested
     */
    protected Optional<ProviderStore> reopenStore(SpiContext context, Limits limits) throws Exception {
        return Optional.empty();
    }

    /** What random calls return is what a simple model returns. The seed is in the message of a failure. */
    @Test
    public final void randomCallsDoWhatTheModelDoes() throws Exception {
        for (long seed = 1; seed <= 12; seed++) {
            openAnotherStore("history " + seed);
            new ProviderHistory(this, seed).run(200);
        }
    }

    @Override
    final ProviderStore newStore(SpiContext context, Limits limits) throws Exception {
        return createStore(context, limits);
    }

    @Override
    final Optional<ProviderStore> openAgain(SpiContext context) throws Exception {
        return reopenStore(context, LIMITS);
    }
}
