package io.kad.tck;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The tests that any {@link RecordStore} must pass; extend it and say how a store is made.
 *
 * <p>Each test gets a store of its own, whose clock stands still unless the test moves it. The rules of stores that outlive
 * their process are tested where {@link #reopenStore} is overridden. The inherited classes group the tests and are not for
 * extending.
 */
public abstract class RecordStoreTck extends RecordDurabilityTests {

    /** For subclasses. */
    protected RecordStoreTck() {}

    /**
     * Returns a new, empty store with the given limits; any other limit is generous. The test closes it.
     *
     * @param context has a data directory that exists and is empty, no options, and an executor that runs tasks at once; the
     *     store tells its listener what gave way
     */
    protected abstract RecordStore createStore(SpiContext context, Limits limits) throws Exception;

    /**
     * Opens what a store left in the data directory of {@code context}, or what a copy of such a directory holds. The store
     * that {@link #createStore} made there was closed, unless the directory is a copy. The test closes it.
     *
     * @return empty, as here, if the store does not outlive its process: then the tests of STORE-13 to STORE-15 are skipped
     */
    protected Optional<RecordStore> reopenStore(SpiContext context, Limits limits) throws Exception {
        return Optional.empty();
    }

    /**
     * Makes every write of {@code store} to its disk fail, where possible after a part of it, or makes writes succeed again.
     *
     * @return false, as here, if this can't be done: then STORE-15 is not tested
     */
    protected boolean failWrites(RecordStore store, boolean failing) throws Exception {
        return false;
    }

    /** What random calls return is what a simple model returns. The seed is in the message of a failure. */
    @Test
    public final void randomCallsDoWhatTheModelDoes() throws Exception {
        for (long seed = 1; seed <= 12; seed++) {
            openAnotherStore("history " + seed);
            new RecordHistory(this, seed).run(200);
        }
    }

    @Override
    final RecordStore newStore(SpiContext context) throws Exception {
        return createStore(context, LIMITS);
    }

    @Override
    final Optional<RecordStore> openAgain(SpiContext context) throws Exception {
        return reopenStore(context, LIMITS);
    }

    @Override
    final boolean failWrites(boolean failing) throws Exception {
        return failWrites(store, failing);
    }
}
