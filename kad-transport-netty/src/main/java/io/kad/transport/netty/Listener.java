package io.kad.transport.netty;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.transport.Endpoint;
import io.kad.transport.netty.transport.TransportProtocol;
import io.netty.channel.Channel;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sockets that one call of {@code listen} has opened, and the addresses at which they are reachable. Guarded by its {@link Listeners}.
 *
 * <p>The unspecified address of IPv4 is one socket. That of IPv6 is a socket for each address of the machine, as Java would let a single one
 * accept IPv4 too.
 */
final class Listener {

    private final TransportProtocol transport;
    private final InetAddress host;
    private final Map<Multiaddr, Channel> reachable = new LinkedHashMap<>();
    /** Sockets by the text of their address, which names the interface of a link-local one. */
    private final Map<String, Channel> sockets = new LinkedHashMap<>();

    private int port;
    private boolean wasOnAnInterface;

    Listener(Endpoint requested) {
        this.transport = requested.transport();
        this.host = requested.socket().getAddress();
        this.port = requested.socket().getPort();
    }

    /** Returns the transport of the sockets. */
    TransportProtocol transport() {
        return transport;
    }

    /** Returns the addresses to bind: that of the listener itself, or those of the machine for the unspecified address of IPv6. */
    List<InetSocketAddress> toBind(List<InetAddress> interfaces) {
        List<InetSocketAddress> missing = new ArrayList<>();
        for (InetAddress address : isEachOfIp6() ? ip6(interfaces) : List.of(host)) {
            if (!sockets.containsKey(address.getHostAddress())) {
                missing.add(new InetSocketAddress(address, port));
            }
        }
        return missing;
    }

    private boolean isEachOfIp6() {
        return host.isAnyLocalAddress() && host instanceof Inet6Address;
    }

    private static List<InetAddress> ip6(List<InetAddress> interfaces) {
        // The loopback address first, as it can always be bound
        return interfaces.stream()
                .filter(Inet6Address.class::isInstance)
                .sorted(Comparator.comparing(address -> !address.isLoopbackAddress()))
                .toList();
    }

    /** Adds a bound socket. */
    void add(InetSocketAddress requested, Channel socket) {
        sockets.put(requested.getAddress().getHostAddress(), socket);
        port = ((InetSocketAddress) socket.localAddress()).getPort();
    }

    /** Forgets a socket that has closed, and returns the addresses at which it was reachable. */
    List<Multiaddr> remove(Channel socket) {
        sockets.values().remove(socket);
        List<Multiaddr> lost = reachable.entrySet().stream()
                .filter(entry -> entry.getValue().equals(socket))
                .map(Map.Entry::getKey)
                .toList();
        lost.forEach(reachable::remove);
        return lost;
    }

    /** Returns the open sockets. */
    List<Channel> sockets() {
        return List.copyOf(sockets.values());
    }

    /** Returns the addresses at which this is reachable. */
    List<Multiaddr> addresses() {
        return List.copyOf(reachable.keySet());
    }

    /**
     * Change of the addresses of a listener.
     *
     * @param unused sockets whose address the machine has lost, and which are to be closed
     */
    record Change(List<Multiaddr> added, List<Multiaddr> expired, List<Channel> unused) {}

    /** Takes the present addresses of the machine over. */
    Change update(List<InetAddress> interfaces) {
        Map<Multiaddr, Channel> present = new LinkedHashMap<>();
        List<Channel> unused = new ArrayList<>();
        sockets.forEach((text, socket) -> {
            List<InetAddress> addresses = addressesOf(socket, text, interfaces);
            addresses.stream()
                    .filter(address -> !host.isAnyLocalAddress() || !address.isLinkLocalAddress())
                    .forEach(address -> present.put(transport.address(new InetSocketAddress(address, port)), socket));
            if (addresses.isEmpty() && isEachOfIp6()) {
                unused.add(socket);
            }
        });
        List<Multiaddr> added = present.keySet().stream()
                .filter(address -> !reachable.containsKey(address))
                .toList();
        List<Multiaddr> expired = reachable.keySet().stream()
                .filter(address -> !present.containsKey(address))
                .toList();
        reachable.clear();
        reachable.putAll(present);
        sockets.values().removeAll(unused);
        return new Change(added, expired, unused);
    }

    /** Returns the addresses of the machine that lead to {@code socket}. */
    private List<InetAddress> addressesOf(Channel socket, String text, List<InetAddress> interfaces) {
        if (isEachOfIp6()) {
            return ip6(interfaces).stream()
                    .filter(address -> address.getHostAddress().equals(text))
                    .toList();
        } else if (host.isAnyLocalAddress()) {
            return interfaces.stream().filter(Inet4Address.class::isInstance).toList();
        }
        // A loopback network has more addresses than its interface lists
        boolean isOnAnInterface = interfaces.contains(host);
        wasOnAnInterface |= isOnAnInterface;
        boolean isLost = wasOnAnInterface && !isOnAnInterface;
        return isLost ? List.of() : List.of(((InetSocketAddress) socket.localAddress()).getAddress());
    }
}
