package io.kad.transport.netty.limit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;

/** Address ranges that are likely in one hand: IPv4 /24 and IPv6 /48. */
public final class AddressRange {

    private static final int IP4_BYTES = 3;
    private static final int IP6_BYTES = 6;

    private AddressRange() {}

    /**
     * Returns the range of a remote address. A loopback connection is a range of its own, because different peers of one machine share that
     * address.
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
        return HexFormat.of().formatHex(bytes, 0, bytes.length == 4 ? IP4_BYTES : IP6_BYTES);
    }
}
