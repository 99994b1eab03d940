package io.kad.transport.netty.dial;

import io.kad.api.id.AddressRange;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.transport.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Target of one attempt to connect: a socket address, or a host name that is resolved first. Immutable.
 *
 * @param address the address of the peer from which it comes
 * @param endpoint transport and socket address; unresolved if it is a host name
 * @param trusted whether the user has given the address
 */
record DialTarget(Multiaddr address, Endpoint endpoint, boolean trusted) {

    /** Returns the socket address; unresolved if this is a host name. */
    InetSocketAddress socket() {
        return endpoint.socket();
    }

    /** Returns whether this is a host name. */
    boolean isName() {
        return socket().isUnresolved();
    }

    /** Returns this target at one of the IP addresses of its host name. */
    DialTarget at(InetAddress ip) {
        return new DialTarget(
                address, new Endpoint(endpoint.transport(), new InetSocketAddress(ip, socket().getPort())), trusted);
    }

    /**
     * Returns what limits per host count: the IPv4 address or IPv6 /56; for loopback the endpoint, because all peers of a machine share
     * that host; for a name the name with its port.
     */
    Object host() {
        InetAddress ip = socket().getAddress();
        return ip == null || ip.isLoopbackAddress() ? endpoint : AddressRange.host(Bytes.of(ip.getAddress()));
    }

    /** Returns whether {@link #host} stands for the targets of one host, of which there may be several. */
    boolean hasHost() {
        return host() instanceof AddressRange;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
