package io.kad.tck;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Compatibility tests of {@link RecordStore}; a subclass creates the store under test.
 *
 * <p>Each test uses a new store, and a clock that only the test moves. The rules of persistent stores are tested if {@link #reopenStore}
 * is overridden. The inherited classes group the tests and must not be extended directly.
 */
public abstract class RecordStoreTck extends RecordDurabilityTests {

    /** Called by subclasses. */
    protected RecordStoreTck() {}

    /**
     * Returns a new, empty store with the given limits; other limits must not be reached. The test closes the store.
     *
     * @param context has an empty data directory, no options, an executor that runs tasks immediately, and a listener that records
     *     evictions
     */
    protected abstract RecordStore createStore(SpiContext context, Limits limits) throws Exception;

    /**
     * Opens the store in the data directory of {@code context}, which holds the files of a closed store, or a copy of the files of an open
     * one. The test closes the store.
     *
     * @return empty (the default) if the store is not persistent; the tests of STORE-13 to STORE-15 are skipped then
     */
    protected Optional<RecordStore> reopenStore(SpiContext context, Limits limits) throws Exception {
        return Optional.empty();
    }

    /**
     * Starts or stops fault injection: every write of {@code store} to its disk must fail, if possible after a part was written.
     *
     * @return false (the default) if this is impossible; STORE-15 is not tested then
     */
    protected boolean failWrites(RecordStore store, boolean failing) throws Exception {
        return false;
    }

    /** Random calls return the same as a simple model. The message of a failure has the seed. */
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
