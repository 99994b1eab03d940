package io.kad.core.job;

/** Kind of background work. Each is limited for itself, so that one kind cannot delay another. */
public enum BackgroundWork {
    /** Bootstrap that is due. */
    BOOTSTRAP,
    /** Republication of records and provider records, whose number of queries its jobs limit. */
    REPUBLICATION,
    /** Record correction after a get. */
    CORRECTION;

    /** Limit of concurrent record corrections; further ones are skipped. Source: kad's choice. */
    public static final int MAX_CORRECTIONS = 64;

    /** Returns the limit of concurrent queries of this kind. */
    public int maxConcurrent() {
        return this == CORRECTION ? MAX_CORRECTIONS : Integer.MAX_VALUE;
    }
}
