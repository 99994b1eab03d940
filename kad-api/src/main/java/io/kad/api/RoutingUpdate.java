package io.kad.api;

/** Result of adding an address to the routing table. */
public enum RoutingUpdate {
    /** The peer is in the table with the address. */
    SUCCESS,
    /** The bucket is full; the peer is pending until the oldest disconnected peer of the bucket was dialled. */
    PENDING,
    /** The address was not added: the bucket is full, the address ends in another peer ID, or the peer is the local peer. */
    FAILED
}
