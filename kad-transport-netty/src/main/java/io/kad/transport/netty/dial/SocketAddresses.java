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
 * Turns addresses of TCP into socket addresses and back.
 *
 * <p>The whole address must match: one that goes on behind the port, with TLS or WebSocket, is another transport's.
 */
public final class SocketAddresses {

    private SocketAddresses() {}

    /**
     * Returns where {@code address} is, or empty if it is none of TCP. A host name is left unresolved; a trailing peer id is
     * passed over.
     */
    public static Optional<InetSocketAddress> of(Multiaddr address) {
        List<Multiaddr.Component> components = address.components();
        int at = components.get(0).protocol() == MultiaddrProtocol.IP6ZONE ? 1 : 0;
        int rest = components.size() - at;
        boolean named = rest == 3 && components.get(at + 2).protocol() == MultiaddrProtocol.P2P;
        if ((rest != 2 && !named) || components.get(at + 1).protocol() != MultiaddrProtocol.TCP) {
            return Optional.empty();
        }
        int port = components.get(at + 1).value().asReadOnlyBuffer().getShort() & 0xffff;
        Multiaddr.Component host = components.get(at);
        return switch (host.protocol()) {
            case IP4, IP6 -> ofIp(at == 1 ? components.get(0).text() : "", host, port);
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
        } catch (UnknownHostException noSuchZone) {
            return Optional.empty();
        }
    }

    /** Returns whether it makes sense to dial {@code address}: a definite host and a port. */
    public static boolean isDialable(InetSocketAddress address) {
        if (address.getPort() == 0) {
            return false;
        }
        InetAddress ip = address.getAddress();
        return ip == null || !(ip.isAnyLocalAddress() || ip.isMulticastAddress());
    }

    /** Returns the address of a socket. */
    public static Multiaddr toMultiaddr(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        Bytes bytes = Bytes.of(ip.getAddress());
        String host = bytes.size() == 4 ? "/ip4/" : "/ip6/";
        return Multiaddr.parse(host + NetUtil.toAddressString(ip) + "/tcp/" + address.getPort());
    }
}
