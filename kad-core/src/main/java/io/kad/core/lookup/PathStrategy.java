package io.kad.core.lookup;

import org.jspecify.annotations.Nullable;

/** Strategy of a lookup on one path: selects the next peer to query, the parallelism, and the moments at which the path has converged and has finished. */
interface PathStrategy {

    /** Returns the number of slots for requests now. */
    int parallelism();

    /** Returns the next candidate to query if a slot is free, or null if none is to be queried before something happens. */
    @Nullable
    Candidate next();

    /** Returns whether the path has converged: no candidate that it still needs is to be queried or in flight; a few may be late. */
    boolean hasConverged();

    /** Returns whether a path that has converged has no late candidate left that it waits for. */
    boolean hasFinished();

    /** Returns whether requests have wait times; otherwise only their results count. */
    boolean usesWaitTimes();

    /**
     * Called when a peer responded.
     *
     * @param progress whether the response has a new peer that is among the {@code count} closest candidates
     * @param heldSlot whether the request still held its slot
     */
    void onResponse(boolean progress, boolean heldSlot);

    /** Called when a request that held a slot failed or became late. */
    void onFailureOrSoftTimeout();
}
