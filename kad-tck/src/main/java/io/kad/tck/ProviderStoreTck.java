package io.kad.tck;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Compatibility tests of {@link ProviderStore}; a subclass creates the store under test.
 *
 * <p>Each test uses a new store, and a clock that only the test moves. The rules of persistent stores are tested if {@link #reopenStore}
 * is overridden. The inherited classes group the tests and must not be extended directly.
 */
public abstract class ProviderStoreTck extends ProviderDurabilityTests {

    /** Called by subclasses. */
    protected ProviderStoreTck() {}

    /**
     * Returns a new, empty store with the given limits; other limits must not be reached. The test closes the store.
     *
     * @param context has an empty data directory, no options, and an executor that runs tasks immediately
     */
    protected abstract ProviderStore createStore(SpiContext context, Limits limits) throws Exception;

    /**
     * Opens the store in the data directory of {@code context}, which holds the files of a closed store, or a copy of the files of an open
     * one. The test closes the store.
     *
     * @return empty (the default) if the store is not persistent; PROVIDER-12 and PROVIDER-13 are not tested then
     */
    protected Optional<ProviderStore> reopenStore(SpiContext context, Limits limits) throws Exception {
        return Optional.empty();
    }

    /** Random calls return the same as a simple model. The message of a failure has the seed. */
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
