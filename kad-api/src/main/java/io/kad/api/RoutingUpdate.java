package io.kad.api;

/** What became of an address that was added to the routing table. */
public enum RoutingUpdate {
    /** The peer is in the table and has the address. */
    SUCCESS,
    /** The peer waits for a place in a full bucket. */
    PENDING,
    /** The bucket is full, or the address is not one of that peer. */
    FAILED
}
