package io.kad.sim;

/** Initial content of the routing tables of a simulated network. */
public enum TableInit {

    /** Empty tables. */
    NONE,

    /** Each bucket holds a uniform sample of its subtree, up to the bucket size, as if every peer had met every other peer. */
    IDEAL,

    /** Each peer joins through a peer that joined before it, by the protocol. Takes virtual time and many messages. */
    JOINED
}
