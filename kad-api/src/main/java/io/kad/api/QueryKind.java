package io.kad.api;

/** Kind of a query. */
public enum QueryKind {
    /** Finds the peers closest to a key. */
    GET_CLOSEST_PEERS,
    /** Finds one peer and its addresses. */
    FIND_PEER,
    /** Finds the best record of a key. */
    GET_RECORD,
    /** Stores a record at the peers closest to its key. */
    PUT_RECORD,
    /** Announces this peer as a provider of a key. */
    START_PROVIDING,
    /** Finds the providers of a key. */
    GET_PROVIDERS,
    /** Fills the routing table. */
    BOOTSTRAP
}
