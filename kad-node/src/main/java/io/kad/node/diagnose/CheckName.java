package io.kad.node.diagnose;

import java.util.Locale;

/** Names of the checks, in the order in which they are made. */
public enum CheckName {
    /** The listeners of the peer are open, and answer at its own addresses. */
    LISTENERS,
    /** A bootstrap peer can be reached at its address. */
    DIAL,
    /** Both agree on a security protocol, and the peer proves the peer ID of the address. */
    SECURITY,
    /** Both agree on a stream muxer. */
    MUXER,
    /** The bootstrap peer answers identify. */
    IDENTIFY,
    /** The bootstrap peer serves the Kademlia protocol of the local peer. */
    PROTOCOL,
    /** The routing table has peers, and they respond. */
    TABLE,
    /** The addresses that the peer tells can be those at which others reach it. */
    ADDRESSES,
    /** The local clock is not behind those of the others. */
    CLOCK,
    /** The data directory can be used. */
    DISK,
    /** No limit of the peer has refused anything lately. */
    LIMITS;

    /** Returns the name as it stands in output. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
