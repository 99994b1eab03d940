package io.kad.api.id;

import java.util.List;

/**
 * Range of IP addresses in CIDR form, such as {@code 192.0.2.0/24}. Immutable.
 *
 * <p>Two sizes of it are likely in one hand and are what limits per address range count: a <em>host</em>, which is an IPv4 address or an IPv6
 * /56, and a <em>network</em>, an IPv4 /24 or an IPv6 /48. Source of the sizes: kad's choice, the common sizes of assignments to a customer
 * and to a site (go-libp2p counts /32, /56 and /48). An IPv4-mapped IPv6 address counts as its IPv4 address.
 *
 * @param base the first address of the range, 4 or 16 bytes; the bits after the prefix are cleared
 * @param bits the length of the prefix in bits, 0 to 32 or 128
 */
public record AddressRange(Bytes base, int bits) {

    private static final int IP4_BYTES = 4;
    private static final int IP6_BYTES = 16;
    private static final int MAPPED_BYTES = 12;
    private static final int IP4_HOST = 32;
    private static final int IP4_NETWORK = 24;
    private static final int IP6_HOST = 56;
    private static final int IP6_NETWORK = 48;

    public AddressRange {
        if (base.size() != IP4_BYTES && base.size() != IP6_BYTES) {
            throw new IllegalArgumentException("IP address must be 4 or 16 bytes, got " + base.size());
        }
        int longest = base.size() * Byte.SIZE;
        if (bits < 0 || bits > longest) {
            throw new IllegalArgumentException("prefix length must be 0 to " + longest + ", got " + bits);
        }
        base = masked(base, bits);
    }

    /**
     * Parses a range, such as {@code 10.0.0.0/8} or {@code fe80::/10}.
     *
     * @throws IllegalArgumentException if {@code text} is not an IP address, a slash and the length of a prefix
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "invalid address range " + Quoting.text(text) + ": expected an IP address, a slash and a number");
        }
        String ip = text.substring(0, slash);
        Bytes base = ip.indexOf(':') < 0 ? IpAddressText.parse4(ip) : IpAddressText.parse6(ip);
        return new AddressRange(base, Integer.parseInt(text.substring(slash + 1)));
    }

    /** Returns the host of an IP address of 4 or 16 bytes: an IPv4 /32 or an IPv6 /56. */
    public static AddressRange host(Bytes ip) {
        Bytes address = unmapped(ip);
        return new AddressRange(address, address.size() == IP4_BYTES ? IP4_HOST : IP6_HOST);
    }

    /** Returns the network of an IP address of 4 or 16 bytes: an IPv4 /24 or an IPv6 /48. */
    public static AddressRange network(Bytes ip) {
        Bytes address = unmapped(ip);
        return new AddressRange(address, address.size() == IP4_BYTES ? IP4_NETWORK : IP6_NETWORK);
    }

    /** Returns the host and the network of an address; empty for loopback, and for an address without an IP address. */
    public static List<AddressRange> of(Multiaddr address) {
        MultiaddrReader first = new MultiaddrReader(address.bytes());
        first.next();
        if (first.protocol() != MultiaddrProtocol.IP4 && first.protocol() != MultiaddrProtocol.IP6) {
            return List.of();
        }
        Bytes ip = first.value();
        return AddressScope.isLoopback(ip) ? List.of() : List.of(host(ip), network(ip));
    }

    /** Returns the IPv4 address of an IPv4-mapped IPv6 address, or {@code ip}. */
    static Bytes unmapped(Bytes ip) {
        boolean mapped = ip.size() == IP6_BYTES && ip.at(10) == -1 && ip.at(11) == -1;
        for (int index = 0; mapped && index < 10; index++) {
            mapped = ip.at(index) == 0;
        }
        return mapped ? ip.slice(MAPPED_BYTES, IP6_BYTES) : ip;
    }

    private static Bytes masked(Bytes ip, int bits) {
        if (bits == ip.size() * Byte.SIZE) {
            return ip;
        }
        byte[] masked = ip.toArray();
        for (int index = 0; index < masked.length; index++) {
            int kept = Math.max(0, Math.min(Byte.SIZE, bits - index * Byte.SIZE));
            masked[index] &= (byte) (0xff00 >> kept);
        }
        return Bytes.wrap(masked);
    }

    /** Returns whether {@code ip}, of 4 or 16 bytes, is in this range; one of the other IP version is not. */
    public boolean contains(Bytes ip) {
        boolean matches = ip.size() == base.size();
        for (int index = 0; matches && index * Byte.SIZE < bits; index++) {
            int differing = (ip.at(index) ^ base.at(index)) & 0xff;
            matches = differing >> Math.max(0, (index + 1) * Byte.SIZE - bits) == 0;
        }
        return matches;
    }

    /** Returns whether this range is a host, and not a network of several. */
    public boolean isHost() {
        return bits == (isIp4() ? IP4_HOST : IP6_HOST);
    }

    private boolean isIp4() {
        return base.size() == IP4_BYTES;
    }

    /** Returns the CIDR form, such as {@code 192.0.2.0/24}. */
    @Override
    public String toString() {
        return (isIp4() ? IpAddressText.format4(base) : IpAddressText.format6(base)) + "/" + bits;
    }
}
