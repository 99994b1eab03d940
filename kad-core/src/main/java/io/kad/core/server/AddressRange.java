package io.kad.core.server;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import java.util.Arrays;
import java.util.List;

/**
 * Range of IP addresses that one party is likely to control: a host (an IPv4 address, an IPv6 /56) or a network (an IPv4 /24, an IPv6 /48).
 * Source of the prefixes: kad's choice, the common sizes of assignments to a customer and to a site.
 *
 * @param prefix the prefix of the addresses, without its length
 * @param bits the length of the prefix, in bits
 */
public record AddressRange(Bytes prefix, int bits) {

    private static final int IP4_BYTES = 4;
    private static final int IP6_BYTES = 16;
    private static final int MAPPED_BYTES = 12;

    /** Returns the host and the network of an address; empty for loopback, and for an address without an IP address. */
    public static List<AddressRange> of(Multiaddr address) {
        Multiaddr.Component first = address.components().get(0);
        boolean isIp = first.protocol() == MultiaddrProtocol.IP4 || first.protocol() == MultiaddrProtocol.IP6;
        if (!isIp) {
            return List.of();
        }
        byte[] ip = unmapped(first.value().toArray());
        if (isLoopback(ip)) {
            return List.of();
        }
        return ip.length == IP4_BYTES ? List.of(range(ip, 32), range(ip, 24)) : List.of(range(ip, 56), range(ip, 48));
    }

    /** Returns the IPv4 address of an IPv4-mapped IPv6 address, or {@code ip}. */
    private static byte[] unmapped(byte[] ip) {
        boolean mapped = ip.length == IP6_BYTES && ip[10] == -1 && ip[11] == -1 && areZero(ip, 10);
        return mapped ? Arrays.copyOfRange(ip, MAPPED_BYTES, IP6_BYTES) : ip;
    }

    private static boolean isLoopback(byte[] ip) {
        return ip.length == IP4_BYTES ? ip[0] == 127 : ip[IP6_BYTES - 1] == 1 && areZero(ip, IP6_BYTES - 1);
    }

    private static boolean areZero(byte[] ip, int count) {
        for (int index = 0; index < count; index++) {
            if (ip[index] != 0) {
                return false;
            }
        }
        return true;
    }

    private static AddressRange range(byte[] ip, int bits) {
        return new AddressRange(Bytes.of(Arrays.copyOf(ip, bits / Byte.SIZE)), bits);
    }

    /** Returns whether the range is a host, and not a network of several. */
    boolean isHost() {
        return bits == 32 || bits == 56;
    }

    @Override
    public String toString() {
        boolean isIp4 = bits <= Integer.SIZE;
        byte[] padded = Arrays.copyOf(prefix.toArray(), isIp4 ? IP4_BYTES : IP6_BYTES);
        MultiaddrProtocol protocol = isIp4 ? MultiaddrProtocol.IP4 : MultiaddrProtocol.IP6;
        return new Multiaddr.Component(protocol, Bytes.of(padded)).text() + "/" + bits;
    }
}
