package io.kad.tck;

import io.kad.api.spi.store.StoreException;
import java.util.SplittableRandom;

/**
 * Random sequence of calls to a store, each compared with a simple model. The same seed gives the same calls. Confined to one thread.
 */
abstract class StoreHistory {

    private final long seed;

    final SplittableRandom random;

    /** The number of the current call, from 0. */
    int step;

    /** Description of the current call, for the message of a failure. */
    String call = "";

    StoreHistory(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Makes {@code steps} calls.
     *
     * @throws AssertionError at the first difference; its message has the seed, the step and the call
     */
    final void run(int steps) throws Exception {
        try {
            for (step = 0; step < steps; step++) {
                makeCall();
                compareSize();
            }
            comparePages();
        } catch (AssertionError | RuntimeException | StoreException e) {
            throw new AssertionError("seed " + seed + ", step " + step + ", " + call + ": " + e.getMessage(), e);
        }
    }

    /** Makes one random call and compares its result with the model. */
    abstract void makeCall() throws Exception;

    /** Removes expired records from the model, and compares the sizes. */
    abstract void compareSize() throws StoreException;

    /** Compares the pages of the store with the model. */
    abstract void comparePages() throws StoreException;
}
