package io.kad.api;

/** Policy of automatic inserts into the routing table. */
public enum BucketInserts {

    /** A peer is inserted once it is connected and known to be a server. */
    ON_CONNECTED,

    /** Only {@link Kademlia#addAddress} inserts peers. The state and addresses of the peers in the table are still updated. */
    MANUAL
}
