package io.kad.core.lookup;

import org.jspecify.annotations.Nullable;

/** The rule by which one lookup goes on: how many requests run at once, who is asked next, and when it has arrived. */
interface PathStrategy {

    /** Returns how many requests may take up a place now. */
    int parallelism();

    /** Returns the next candidate to ask if there is a place, or null if nobody is to be asked now. */
    @Nullable
    Candidate next();

    /** Returns whether everybody who counts has answered. */
    boolean hasConverged();

    /** Returns whether a request that is overdue frees its place. */
    boolean freesOverduePlaces();

    /**
     * Takes that a peer answered.
     *
     * @param progress whether it named a new peer that is among the k nearest known
     * @param onTime whether its request still took up a place
     */
    void onResponse(boolean progress, boolean onTime);

    /** Takes that a request that took up a place failed or got overdue. */
    void missed();
}
