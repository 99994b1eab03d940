package io.kad.sim;

/** How the routing tables of a simulated network come to be. */
public enum TableInit {

    /** They stay empty. */
    NONE,

    /** Each bucket holds a uniform sample of its subtree, up to the bucket size: as if every peer had met all others. */
    IDEAL,

    /** Each peer joins through one that is there already, by the protocol itself. */
    JOINED
}
