package io.kad.api;

/** Who enters the routing table by itself. */
public enum BucketInserts {

    /** A peer enters when it is connected and known to serve the protocol. */
    ON_CONNECTED,

    /** Nobody does: only {@link Kademlia#addAddress} adds peers. Those it added are kept up to date. */
    MANUAL
}
