package io.kad.api;

/** Phase of a running query. */
public enum QueryPhase {
    /** It waits for the engine or the local store. */
    START,
    /** It looks up peers. */
    LOOKUP,
    /** It stores a record or provider record at the peers found. */
    STORE
}
