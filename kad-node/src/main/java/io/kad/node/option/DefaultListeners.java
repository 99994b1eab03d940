package io.kad.node.option;

import io.kad.transport.netty.NettyTransport;
import java.net.Inet6Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** Addresses on which a node listens unless it is told others: all those of the machine, over each transport that it has. */
final class DefaultListeners {

    private DefaultListeners() {}

    /** Returns those of this machine: QUIC only where its native library is, IPv6 only where an interface has such an address. */
    static List<String> ofThisMachine() {
        return of(NettyTransport.hasQuic(), hasIpv6());
    }

    static List<String> of(boolean hasQuic, boolean hasIpv6) {
        List<String> addresses = new ArrayList<>();
        for (String host : hasIpv6 ? List.of("/ip4/0.0.0.0", "/ip6/::") : List.of("/ip4/0.0.0.0")) {
            addresses.add(host + "/tcp/4001");
            if (hasQuic) {
                addresses.add(host + "/udp/4001/quic-v1");
            }
        }
        return List.copyOf(addresses);
    }

    private static boolean hasIpv6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(each -> each.getInterfaceAddresses().stream())
                    .map(InterfaceAddress::getAddress)
                    .anyMatch(Inet6Address.class::isInstance);
        } catch (SocketException unknown) {
            return false; // a listener that is asked for by name tells why
        }
    }
}
