package io.kad.core.lookup;

import org.jspecify.annotations.Nullable;

/** Strategy of a lookup on one path: selects the next peer to query, the parallelism, and the moment at which the path has converged. */
interface PathStrategy {

    /** Returns the number of slots for requests now. */
    int parallelism();

    /** Returns the next candidate to query if a slot is free, or null if none is to be queried before something happens. */
    @Nullable
    Candidate next();

    /** Returns whether every candidate that counts has responded. */
    boolean hasConverged();

    /** Returns whether a request that exceeds the soft timeout releases its slot. */
    boolean freesOverduePlaces();

    /**
     * Called when a peer responded.
     *
     * @param progress whether the response has a new peer that is among the k closest candidates
     * @param heldSlot whether the request still held its slot
     */
    void onResponse(boolean progress, boolean heldSlot);

    /** Called when a request that held a slot failed or exceeded the soft timeout. */
    void missed();
}
