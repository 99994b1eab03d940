package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.dns.DnsaddrResolver;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * Target that is a {@code /dnsaddr} address: its TXT records name the addresses of the peer. Immutable.
 *
 * @param address the address, without a peer ID
 * @param trusted whether the user has given it
 */
record DnsaddrTarget(Multiaddr address, boolean trusted) implements DialTarget {

    /** Returns whether {@code address} is a {@code /dnsaddr} address. */
    static boolean matches(Multiaddr address) {
        return address.components().get(0).protocol() == MultiaddrProtocol.DNSADDR;
    }

    @Override
    public Multiaddr dialAddress() {
        return address;
    }

    /** The name, whatever its case and what follows it: each leads to the same records. */
    @Override
    public Object failureKey() {
        return "/dnsaddr/" + address.components().get(0).text().toLowerCase(Locale.ROOT);
    }

    @Override
    public Object host() {
        return failureKey();
    }

    @Override
    public Optional<InetAddress> ip() {
        return Optional.empty();
    }

    /** Behind all others: a peer that is reached at another address needs no lookup. */
    @Override
    public int rank() {
        return Integer.MAX_VALUE;
    }

    /** As few as for a host name if a remote peer states the address, as all of them are one attempt for the limit of a lookup of the DHT. */
    @Override
    public int maxResolved() {
        return trusted ? DnsaddrResolver.MAX_RESULTS : TransportLimits.MAX_ADDRESSES_PER_NAME;
    }

    @Override
    public boolean countsEachLookup() {
        return true;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
