package io.kad.transport.netty.dial;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Conversion between TCP multiaddrs and socket addresses.
 *
 * <p>The whole address must match: one with further components after the port, such as TLS or WebSocket, belongs to
 * another transport.
 */
public final class SocketAddresses {

    private SocketAddresses() {}

    /**
     * Returns the socket address of {@code address}, or empty if it is not a TCP address. A host name stays unresolved;
     * a trailing peer ID is ignored.
     */
    public static Optional<InetSocketAddress> of(Multiaddr address) {
        List<Multiaddr.Component> components = address.components();
        int offset = components.get(0).protocol() == MultiaddrProtocol.IP6ZONE ? 1 : 0;
        int length = components.size() - offset;
        boolean hasPeerId = length == 3 && components.get(offset + 2).protocol() == MultiaddrProtocol.P2P;
        if ((length != 2 && !hasPeerId) || components.get(offset + 1).protocol() != MultiaddrProtocol.TCP) {
            return Optional.empty();
        }
        int port = components.get(offset + 1).value().asReadOnlyBuffer().getShort() & 0xffff;
        Multiaddr.Component host = components.get(offset);
        return switch (host.protocol()) {
            case IP4, IP6 -> ofIp(offset == 1 ? components.get(0).text() : "", host, port);
            case DNS, DNS4, DNS6 -> Optional.of(InetSocketAddress.createUnresolved(host.text(), port));
            default -> Optional.empty();
        };
    }

    private static Optional<InetSocketAddress> ofIp(String zone, Multiaddr.Component host, int port) {
        try {
            byte[] ip = host.value().toArray();
            InetAddress address =
                    zone.isEmpty() ? InetAddress.getByAddress(ip) : InetAddress.getByName(host.text() + "%" + zone);
            return Optional.of(new InetSocketAddress(address, port));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Returns the multiaddr of a resolved socket address. */
    public static Multiaddr toMultiaddr(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        Bytes bytes = Bytes.of(ip.getAddress());
        String host = bytes.size() == 4 ? "/ip4/" : "/ip6/";
        return Multiaddr.parse(host + NetUtil.toAddressString(ip) + "/tcp/" + address.getPort());
    }
}
