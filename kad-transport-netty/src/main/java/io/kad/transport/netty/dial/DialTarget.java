package io.kad.transport.netty.dial;

import io.kad.api.id.AddressRange;
import io.kad.api.id.Multiaddr;
import java.net.InetAddress;
import java.util.Optional;

/** Target of one attempt of a dial: a place to connect to, or a name that is resolved to further targets first. Immutable. */
sealed interface DialTarget permits SocketTarget, DnsaddrTarget {

    /** Returns the address of the peer from which this comes. */
    Multiaddr address();

    /** Returns the address that is dialled: with the IP address at which, if this is no name. */
    Multiaddr dialAddress();

    /** Returns whether the user has given the address. */
    boolean trusted();

    /** Returns what failures count by: equal for targets at one place, with a text that tells places apart. */
    Object failureKey();

    /**
     * Returns what a back-off is for: {@link #failureKey}, with the host name where the result depends on it. Otherwise a wrong name at the address of
     * a peer would keep others from dialling the right one.
     */
    default Object backOffKey() {
        return failureKey();
    }

    /**
     * Returns what limits per host count: the IPv4 address or IPv6 /56; for loopback the place, because all peers of a machine share that host;
     * for a name the place.
     */
    Object host();

    /** Returns whether {@link #host} stands for the targets of one host, of which there may be several. */
    default boolean hasHost() {
        return host() instanceof AddressRange;
    }

    /** Returns the IP address; empty if this is a name. */
    Optional<InetAddress> ip();

    /** Returns whether this is a name. */
    default boolean isName() {
        return ip().isEmpty();
    }

    /** Returns the rank among the targets of a peer; those of a lower rank are tried first. */
    int rank();

    /** Returns the limit of the targets that a name is resolved to. */
    int maxResolved();

    /** Returns whether a lookup counts as a failed attempt whatever its result, because it costs others much. Without effect for a trusted target. */
    boolean countsEachLookup();
}
