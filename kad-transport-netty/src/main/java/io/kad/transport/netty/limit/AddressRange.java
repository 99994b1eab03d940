package io.kad.transport.netty.limit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;

/** Address ranges that are likely in one hand: IPv4 /24 and IPv6 /48; a private address is a range of its own. */
public final class AddressRange {

    private static final int IP4_BYTES = 3;
    private static final int IP6_BYTES = 6;

    private AddressRange() {}

    /**
     * Returns the range of a remote address. A loopback connection is a range of its own, because different peers of one machine share that
     * address. So is a private address, because the hosts of a local network are in different hands.
     */
    public static String of(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress socket)) {
            return String.valueOf(remote);
        }
        InetAddress ip = socket.getAddress();
        if (ip == null || ip.isLoopbackAddress()) {
            return socket.toString();
        }
        byte[] bytes = ip.getAddress();
        if (isPrivate(ip, bytes)) {
            return HexFormat.of().formatHex(bytes);
        }
        return HexFormat.of().formatHex(bytes, 0, bytes.length == 4 ? IP4_BYTES : IP6_BYTES);
    }

    /** Returns whether an address is one of a local network: private, link-local, or shared by the customers of a provider (100.64.0.0/10). */
    private static boolean isPrivate(InetAddress ip, byte[] bytes) {
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        boolean uniqueLocal = bytes.length > 4 && (bytes[0] & 0xfe) == 0xfc;
        return ip.isSiteLocalAddress() || ip.isLinkLocalAddress() || shared || uniqueLocal;
    }
}
