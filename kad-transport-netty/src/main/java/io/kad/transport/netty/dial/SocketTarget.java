package io.kad.transport.netty.dial;

import io.kad.api.id.AddressRange;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.transport.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Target that a transport connects to: a socket address, or a host name that is resolved first. Immutable.
 *
 * @param address the address of the peer from which it comes
 * @param dialled the address that is dialled: the same, or one to which a {@code /dnsaddr} has led
 * @param endpoint transport and socket address; unresolved if it is a host name
 * @param trusted whether the user has given the address
 */
record SocketTarget(Multiaddr address, Multiaddr dialled, Endpoint endpoint, boolean trusted) implements DialTarget {

    /** Creates the target of an address that is dialled as the peer states it. */
    SocketTarget(Multiaddr address, Endpoint endpoint, boolean trusted) {
        this(address, address, endpoint, trusted);
    }

    /** Returns the socket address; unresolved if this is a host name. */
    InetSocketAddress socket() {
        return endpoint.socket();
    }

    /** Returns this target at one of the IP addresses of its host name. */
    SocketTarget at(InetAddress ip) {
        return new SocketTarget(
                address,
                dialled,
                new Endpoint(endpoint.transport(), new InetSocketAddress(ip, socket().getPort())),
                trusted);
    }

    @Override
    public Multiaddr dialAddress() {
        return isName() ? dialled : endpoint.transport().address(socket());
    }

    @Override
    public Object failureKey() {
        return endpoint;
    }

    @Override
    public Object backOffKey() {
        Optional<Multiaddr> place = dialled.withoutPeerId();
        return endpoint.transport().dependsOnHostName() ? List.of(endpoint, place) : endpoint;
    }

    @Override
    public Optional<InetAddress> ip() {
        return Optional.ofNullable(socket().getAddress());
    }

    @Override
    public Object host() {
        return ip().filter(ip -> !ip.isLoopbackAddress())
                .<Object>map(ip -> AddressRange.host(Bytes.of(ip.getAddress())))
                .orElse(endpoint);
    }

    @Override
    public int rank() {
        return endpoint.transport().rank();
    }

    @Override
    public int maxResolved() {
        return TransportLimits.MAX_ADDRESSES_PER_NAME;
    }

    /** A host name costs one query, whose answer is remembered; who is reached there counts by its IP address. */
    @Override
    public boolean countsEachLookup() {
        return false;
    }

    @Override
    public String toString() {
        return dialled.toString();
    }
}
